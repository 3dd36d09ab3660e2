internal import CKernels

/// Rows to be looked up, `[count, width]`, in the format they are stored in: a table is read here and there, so that
/// widening it whole would cost memory and time for nothing.
public struct EmbeddingTable: ~Copyable, Sendable {
    /// The height.
    public let rows: Int
    /// The width.
    public let columns: Int
    private let format: StoredFloat
    /// The stored bytes, two values in the room of a float where they have 16 bits.
    private let storage: Matrix

    /// A table of zeros.
    ///
    /// - Parameters:
    ///   - rows: The height.
    ///   - columns: The width.
    ///   - format: How each value is stored.
    public init(rows: Int, columns: Int, as format: StoredFloat) {
        self.rows = rows
        self.columns = columns
        self.format = format
        storage = Matrix(rows: 1, columns: (rows * columns * format.size + 3) / 4)
    }

    /// A table of a matrix's rows.
    public init(_ matrix: consuming Matrix) {
        rows = matrix.rows
        columns = matrix.columns
        format = .float32
        storage = matrix
    }

    /// Takes over stored rows, little-endian and possibly unaligned.
    ///
    /// - Parameter bytes: Every row, in the table's format.
    /// - Returns: The index of the first value that is infinite or not a number; `nil` where all are finite.
    public mutating func fill(bytes: RawSpan) -> Int? {
        let count = rows * columns
        precondition(bytes.byteCount == count * format.size)
        let target = unsafe UnsafeMutableRawPointer(storage.base)
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { unsafe target.copyMemory(from: start, byteCount: source.count) }
        }
        let first =
            switch format {
            case .float32: unsafe ck_first_not_finite(storage.base, count)
            case .float16: unsafe ck_first_not_finite_half(storage.base, count, 0x7c00)
            case .bfloat16: unsafe ck_first_not_finite_half(storage.base, count, 0x7f80)
            }
        return first < count ? first : nil
    }

    /// Writes one row as float32.
    func copy(row: Int, to target: UnsafeMutablePointer<Float>) {
        precondition(row >= 0 && row < rows)
        let start = unsafe UnsafeRawPointer(storage.base) + row * columns * format.size
        switch format {
        case .float32: unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: 4 * columns)
        case .float16: unsafe Arithmetic.kernels.widen_float16(target, start, columns)
        case .bfloat16: unsafe ck_widen_bfloat16(target, start, columns)
        }
    }
}
