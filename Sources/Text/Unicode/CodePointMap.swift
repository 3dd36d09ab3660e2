/// A number for each code point, as a two-level table: pages of 256 values, shared where they are equal.
struct CodePointMap: Sendable {
    private static let pageCount = 0x110000 >> 8
    /// The index of the page of `values` for each block of 256 code points.
    private var pages: [UInt16]
    private var values: [UInt32]
    /// Whether each page may serve several blocks, so that it must be copied before a change.
    private var isShared: [Bool]

    /// Creates a map from every code point to 0.
    init() {
        pages = Array(repeating: 0, count: Self.pageCount)
        values = Array(repeating: 0, count: 256)
        isShared = [true]
    }

    subscript(codePoint: UInt32) -> UInt32 {
        @inline(__always) get {
            values[Int(pages[Int(codePoint >> 8)]) << 8 | Int(codePoint & 0xFF)]
        }
        set {
            let page = ownedPage(of: codePoint)
            values[page << 8 | Int(codePoint & 0xFF)] = newValue
        }
    }

    /// Sets the value of every code point from `first` to `last`.
    mutating func fill(from first: UInt32, through last: UInt32, with value: UInt32) {
        var uniform: UInt16?
        var codePoint = first
        while codePoint <= last {
            guard codePoint & 0xFF == 0, last - codePoint >= 0xFF else {
                self[codePoint] = value
                codePoint += 1
                continue
            }
            let page = uniform ?? appendPage(repeatElement(value, count: 256), shared: true)
            uniform = page
            pages[Int(codePoint >> 8)] = page
            codePoint += 256
        }
    }

    private mutating func ownedPage(of codePoint: UInt32) -> Int {
        let page = pages[Int(codePoint >> 8)]
        guard isShared[Int(page)] else { return Int(page) }
        let copy = appendPage(Array(values[Int(page) << 8..<(Int(page) + 1) << 8]), shared: false)
        pages[Int(codePoint >> 8)] = copy
        return Int(copy)
    }

    private mutating func appendPage(_ page: some Collection<UInt32>, shared: Bool) -> UInt16 {
        values.append(contentsOf: page)
        isShared.append(shared)
        return UInt16(isShared.count - 1)
    }
}
