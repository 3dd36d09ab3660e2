/// A number for every code point, in two levels: pages of 256 values, shared where they are alike.
struct CodePointMap: Sendable {
    private static let pageCount = 0x110000 >> 8
    /// Which page of `values` serves each 256 code points.
    private var pages: [UInt16]
    private var values: [UInt32]
    /// Whether several 256s may be served by a page, which must then be copied before a change.
    private var isShared: [Bool]

    /// A map of every code point to 0.
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

    /// Gives every code point from `first` to `last` the same value.
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
