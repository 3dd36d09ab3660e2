internal import CKernels

/// A stored number format that float32 holds exactly.
public enum StoredFloat: Sendable {
    case float32, float16, bfloat16

    /// Bytes of one value.
    public var size: Int { self == .float32 ? 4 : 2 }
}

extension Matrix {
    /// Fills rows from `row` on with values stored little-endian and row after row, and possibly unaligned.
    ///
    /// - Parameters:
    ///   - row: The first row to fill.
    ///   - bytes: A whole number of rows, no more than there are from `row` on.
    ///   - format: How each value is stored.
    /// - Returns: The index, in `bytes`, of the first value that is infinite or not a number; `nil` where all are finite.
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
