/// A tensor to be written.
public struct SafetensorsEntry: Sendable {
    /// The tensor's name; no two of a file may be the same.
    public var name: String
    /// How each element is stored.
    public var elementType: ElementType
    /// The dimensions, outermost first; empty for a scalar.
    public var shape: [Int]
    /// The elements: little-endian, row-major.
    public var bytes: [UInt8]

    /// A tensor of `bytes`, as many as `shape` and `elementType` need.
    public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// A tensor of single-precision numbers in row-major order.
    public init(name: String, shape: [Int], values: [Float]) {
        self.init(name: name, elementType: .f32, shape: shape, bytes: [])
        bytes.reserveCapacity(values.count * 4)
        for value in values { bytes.append(littleEndian: value.bitPattern) }
    }

    /// A copy of a tensor of another checkpoint.
    public init(_ tensor: StoredTensor) {
        self.init(
            name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
            bytes: tensor.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } })
    }
}
