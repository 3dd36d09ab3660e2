/// A tensor to be written to a safetensors file.
public struct SafetensorsEntry: Sendable {
    /// The name of the tensor, unique within a file.
    public var name: String
    /// The storage type of the elements.
    public var elementType: ElementType
    /// The dimensions, outermost first. Empty for a scalar.
    public var shape: [Int]
    /// The elements: little-endian, in row-major order.
    public var bytes: [UInt8]

    /// Creates a tensor from `bytes`. Their number must match `shape` and `elementType`.
    public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// Creates a tensor of 32-bit floats from values in row-major order.
    public init(name: String, shape: [Int], values: [Float]) {
        self.init(name: name, elementType: .f32, shape: shape, bytes: [])
        bytes.reserveCapacity(values.count * 4)
        for value in values { bytes.append(littleEndian: value.bitPattern) }
    }

    /// Creates a copy of a tensor from another checkpoint.
    public init(_ tensor: StoredTensor) {
        self.init(
            name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
            bytes: tensor.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } })
    }
}
