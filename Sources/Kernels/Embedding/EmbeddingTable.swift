internal import CKernels

/// A table of rows `[rows, columns]` that keeps its stored number format. Only the rows that are looked up are
/// converted to float32, which saves memory and time.
public struct EmbeddingTable: ~Copyable, Sendable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    private let format: StoredFloat
    /// The stored bytes; two 16-bit values take the place of one float.
    private let storage: Matrix

    /// Creates a table of zeros.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - columns: Number of columns.
    ///   - format: Number format of the stored values.
    public init(rows: Int, columns: Int, as format: StoredFloat) {
        self.rows = rows
        self.columns = columns
        self.format = format
        storage = Matrix(rows: 1, columns: (rows * columns * format.size + 3) / 4)
    }

    /// Creates a float32 table from a matrix.
    public init(_ matrix: consuming Matrix) {
        rows = matrix.rows
        columns = matrix.columns
        format = .float32
        storage = matrix
    }

    /// Fills the table with stored rows, little-endian and possibly unaligned.
    ///
    /// - Parameter bytes: All rows, in the table's format.
    /// - Returns: The index of the first value that is infinite or NaN, or `nil` if all are finite.
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

    /// Copies one row and converts it to float32.
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
