import Glibc
import Synchronization

/// A row-major float32 matrix `[rows, columns]`, aligned to a cache line, that owns its memory.
///
/// The capacity is fixed when the matrix is created. The number of rows may then change up to the capacity, so that a
/// workspace for the largest batch serves every smaller batch without allocating.
@safe public struct Matrix: ~Copyable, @unchecked Sendable {
    /// Number of matrices that the process has allocated, with which a test checks that a forward pass allocates none.
    public static var allocations: Int { allocationCount.load(ordering: .relaxed) }
    private static let allocationCount = Atomic<Int>(0)

    /// Number of rows.
    public private(set) var rows: Int
    /// Number of columns.
    public let columns: Int
    /// Most rows that the matrix can have.
    public let capacity: Int
    package let base: UnsafeMutablePointer<Float>
    private let storage: UnsafeMutableRawPointer
    private static let alignment = 64

    /// Creates a matrix of zeros; `rows` is also its capacity.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        capacity = rows
        // Pages that calloc gets fresh from the system are already zero and use no memory until they are touched. That
        // keeps the start short and makes a workspace for rare large batches cheap.
        let bytes = rows * columns * MemoryLayout<Float>.stride
        guard let block = unsafe calloc(1, bytes + Self.alignment) else {
            fatalError("out of memory: cannot allocate \(bytes) bytes for a matrix of \(rows) by \(columns)")
        }
        unsafe storage = block
        unsafe base = block.alignedUp(toMultipleOf: Self.alignment).bindMemory(to: Float.self, capacity: rows * columns)
        Self.allocationCount.add(1, ordering: .relaxed)
    }

    deinit {
        unsafe free(storage)
    }

    /// Changes the number of rows. The contents are undefined afterwards.
    ///
    /// - Parameter rows: The new number of rows, at most ``capacity``; the caller must split larger batches.
    public mutating func resize(rows: Int) {
        precondition(rows <= capacity, "cannot resize a matrix to \(rows) rows; its capacity is \(capacity) rows")
        self.rows = rows
    }

    /// Sets every element to zero.
    public mutating func clear() {
        unsafe base.update(repeating: 0, count: rows * columns)
    }

    /// Copies the size and the elements of `other`, which must have the same number of columns and at most ``capacity``
    /// rows.
    public mutating func assign(_ other: borrowing Matrix) {
        precondition(other.columns == columns)
        resize(rows: other.rows)
        unsafe base.update(from: other.base, count: rows * columns)
    }

    /// The element at a row and column, for tests and small loops.
    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            return unsafe base[row * columns + column]
        }
        set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            unsafe base[row * columns + column] = newValue
        }
    }

    /// Returns a copy of one row, `[columns]`.
    public func row(_ row: Int) -> [Float] {
        precondition(row >= 0 && row < rows)
        return unsafe Array(UnsafeBufferPointer(start: base + row * columns, count: columns))
    }

    /// Returns a pointer to row `row`. The caller must make sure that the row exists.
    package func pointer(row: Int) -> UnsafeMutablePointer<Float> {
        unsafe base + row * columns
    }
}

extension Matrix {
    /// Creates a matrix from its values in row-major order.
    public init(rows: Int, columns: Int, _ values: [Float]) {
        precondition(values.count == rows * columns, "a matrix of \(rows) by \(columns) got \(values.count) values")
        self.init(rows: rows, columns: columns)
        unsafe values.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { unsafe base.update(from: start, count: source.count) }
        }
    }

    /// All values in row-major order.
    public var values: [Float] {
        unsafe Array(UnsafeBufferPointer(start: base, count: rows * columns))
    }
}
