/// The storage type of a tensor's elements. The raw value is its name in safetensors.
public enum ElementType: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// IEEE 754 binary64.
    case f64 = "F64"
    /// IEEE 754 binary32.
    case f32 = "F32"
    /// IEEE 754 binary16.
    case f16 = "F16"
    /// The upper 16 bits of an IEEE 754 binary32 (bfloat16).
    case bf16 = "BF16"
    /// A signed 64-bit integer.
    case i64 = "I64"
    /// A signed 32-bit integer.
    case i32 = "I32"
    /// A signed 16-bit integer.
    case i16 = "I16"
    /// A signed 8-bit integer.
    case i8 = "I8"
    /// An unsigned 8-bit integer.
    case u8 = "U8"
    /// One byte, 0 or 1.
    case bool = "BOOL"

    /// The size of one element in bytes.
    public var byteSize: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16, .i16: 2
        case .i8, .u8, .bool: 1
        }
    }

    /// The name of the type in safetensors.
    public var description: String { rawValue }

    /// The names of all supported types, for messages.
    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// Returns the size in bytes of a row-major tensor of `shape`, or `nil` if a dimension is negative or the size
    /// overflows.
    func byteCount(ofShape shape: [Int]) -> Int? {
        var count = byteSize
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }
}
