/// A tensor in a checkpoint: a name, a shape and bytes.
public struct StoredTensor: Sendable {
    /// The name of the tensor in the checkpoint, such as `bert.embeddings.word_embeddings.weight`.
    public let name: String
    /// The storage type of the elements.
    public let elementType: ElementType
    /// The dimensions, outermost first. Empty for a scalar.
    public let shape: [Int]
    /// The size of the tensor in bytes: the product of `shape` and the size of an element.
    public let byteCount: Int
    private let storage: Storage

    private enum Storage: Sendable {
        /// A range of bytes that contains exactly the elements in row-major order.
        case rowMajor(ByteRegion, Range<Int>)
        case strided(ByteRegion, StridedLayout)
    }

    /// Creates a tensor whose elements are the bytes `range` of `region`. The caller must have checked the range.
    init(name: String, elementType: ElementType, shape: [Int], region: ByteRegion, range: Range<Int>) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        byteCount = range.count
        storage = .rowMajor(region, range)
    }

    /// Creates a tensor whose elements are in `region` as `layout` describes. The caller must have checked the layout.
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

    /// Calls `body` with the elements: `byteCount` bytes, little-endian, in row-major order, at any alignment.
    ///
    /// The bytes are those of the mapped file. They are copied only if the file does not store them in row-major order.
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
