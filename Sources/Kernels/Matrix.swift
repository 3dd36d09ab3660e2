import Glibc
import Synchronization

/// The one owner of a row-major float32 matrix, `[rows, columns]`, aligned to a cache line.
///
/// A matrix is given its capacity once and may then take any number of rows up to it, so that a workspace sized for
/// the largest batch serves every smaller one without allocating.
@safe public struct Matrix: ~Copyable, @unchecked Sendable {
    /// How many matrices the process has allocated: a test's proof that a forward pass allocates none.
    public static var allocations: Int { allocationCount.load(ordering: .relaxed) }
    private static let allocationCount = Atomic<Int>(0)

    /// The height.
    public private(set) var rows: Int
    /// The width.
    public let columns: Int
    /// The largest number of rows this matrix can take.
    public let capacity: Int
    package let base: UnsafeMutablePointer<Float>
    private let storage: UnsafeMutableRawPointer
    private static let alignment = 64

    /// A zero matrix of `rows` by `columns`, which is also its capacity.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        capacity = rows
        // Pages that calloc takes fresh from the system are zero already and cost nothing until they are used, which
        // keeps a start short and a workspace for rare large batches cheap.
        let bytes = rows * columns * MemoryLayout<Float>.stride
        guard let block = unsafe calloc(1, bytes + Self.alignment) else {
            fatalError("the system has no \(bytes) bytes for a matrix of \(rows) by \(columns)")
        }
        unsafe storage = block
        unsafe base = block.alignedUp(toMultipleOf: Self.alignment).bindMemory(to: Float.self, capacity: rows * columns)
        Self.allocationCount.add(1, ordering: .relaxed)
    }

    deinit {
        unsafe free(storage)
    }

    /// Makes the matrix `rows` high; the contents are then undefined.
    ///
    /// - Parameter rows: At most ``capacity``; the caller cuts its batches to fit.
    public mutating func resize(rows: Int) {
        precondition(rows <= capacity, "a workspace for \(capacity) rows was given a batch of \(rows)")
        self.rows = rows
    }

    /// Sets every element to zero.
    public mutating func clear() {
        unsafe base.update(repeating: 0, count: rows * columns)
    }

    /// Takes the size and the elements of `other`, which has as many columns and no more rows than there is room for.
    public mutating func assign(_ other: borrowing Matrix) {
        precondition(other.columns == columns)
        resize(rows: other.rows)
        unsafe base.update(from: other.base, count: rows * columns)
    }

    /// Element [row, column], for tests and small loops.
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

    /// One row, `[columns]`.
    public func row(_ row: Int) -> [Float] {
        precondition(row >= 0 && row < rows)
        return unsafe Array(UnsafeBufferPointer(start: base + row * columns, count: columns))
    }

    /// Row `row` of a `[rows, columns]` matrix, as a pointer. Its caller has checked that the row exists.
    package func pointer(row: Int) -> UnsafeMutablePointer<Float> {
        unsafe base + row * columns
    }
}

extension Matrix {
    /// A matrix with the given values, row after row.
    public init(rows: Int, columns: Int, _ values: [Float]) {
        precondition(values.count == rows * columns, "\(values.count) values for a \(rows) by \(columns) matrix")
        self.init(rows: rows, columns: columns)
        unsafe values.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { unsafe base.update(from: start, count: source.count) }
        }
    }

    /// Every value, row after row.
    public var values: [Float] {
        unsafe Array(UnsafeBufferPointer(start: base, count: rows * columns))
    }
}
