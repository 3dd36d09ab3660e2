internal import CKernels

/// A stored number format whose values float32 represents exactly.
public enum StoredFloat: Sendable {
    case float32, float16, bfloat16

    /// Size of one value in bytes.
    public var size: Int { self == .float32 ? 4 : 2 }
}

extension Matrix {
    /// Fills rows, starting at `row`, with stored values. They are little-endian, in row-major order and possibly
    /// unaligned.
    ///
    /// - Parameters:
    ///   - row: The first row to fill.
    ///   - bytes: Values of a whole number of rows, at most as many as fit from `row` on.
    ///   - format: Number format of the values.
    /// - Returns: The index in `bytes` of the first value that is infinite or NaN, or `nil` if all are finite.
    public mutating func fill(fromRow row: Int = 0, bytes: RawSpan, as format: StoredFloat) -> Int? {
        let count = bytes.byteCount / format.size
        precondition(bytes.byteCount % format.size == 0 && row * columns + count <= rows * columns)
        let target = unsafe pointer(row: row)
        return unsafe bytes.withUnsafeBytes { source -> Int? in
            guard let start = source.baseAddress else { return nil }
            switch format {
            case .float32: unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
            case .float16: unsafe Arithmetic.kernels.widen_float16(target, start, count)
            case .bfloat16: unsafe ck_widen_bfloat16(target, start, count)
            }
            let first = unsafe ck_first_not_finite(target, count)
            return first < count ? first : nil
        }
    }
}
