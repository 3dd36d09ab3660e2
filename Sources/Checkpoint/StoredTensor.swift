/// A tensor as a checkpoint stores it: a name, a shape, and bytes.
public struct StoredTensor: Sendable {
    /// The name the checkpoint gives the tensor, such as `bert.embeddings.word_embeddings.weight`.
    public let name: String
    /// How each element is stored.
    public let elementType: ElementType
    /// The dimensions, outermost first; empty for a scalar.
    public let shape: [Int]
    /// The product of `shape` and the element's size.
    public let byteCount: Int
    private let storage: Storage

    private enum Storage: Sendable {
        /// The tensor's bytes and nothing else.
        case rowMajor(ByteRegion, Range<Int>)
        case strided(ByteRegion, StridedLayout)
    }

    /// A tensor whose elements are the bytes `range` of `region`, which the caller has checked.
    init(name: String, elementType: ElementType, shape: [Int], region: ByteRegion, range: Range<Int>) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        byteCount = range.count
        storage = .rowMajor(region, range)
    }

    /// A tensor laid out as `layout` says in `region`, which the caller has checked.
    init(name: String, elementType: ElementType, layout: StridedLayout, byteCount: Int, region: ByteRegion) {
        self.name = name
        self.elementType = elementType
        self.shape = layout.shape
        self.byteCount = byteCount
        if layout.isContiguous {
            let start = byteCount == 0 ? 0 : layout.offset * elementType.byteSize
            storage = .rowMajor(region, start..<start + byteCount)
        } else {
            storage = .strided(region, layout)
        }
    }

    /// The number of elements.
    public var elementCount: Int { byteCount / elementType.byteSize }

    /// Calls `body` with the elements: little-endian, row-major, `byteCount` bytes, at any alignment.
    ///
    /// The bytes are those of the mapped file, not a copy, except where the file stores another order than row-major.
    public func withBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        switch storage {
        case .rowMajor(let region, let range):
            return try region.withBytes(in: range, body)
        case .strided(let region, let layout):
            let elements = region.withBytes { bytes in
                layout.gather(from: bytes, elementSize: elementType.byteSize, byteCount: byteCount)
            }
            return try unsafe body(elements.span.bytes)
        }
    }
}
