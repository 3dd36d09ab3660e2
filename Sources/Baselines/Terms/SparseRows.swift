/// A sparse matrix in compressed row format: for each row the columns of its nonzero values, ascending, and the values.
public struct SparseRows: Sendable, Equatable {
    /// Number of columns.
    public let columns: Int
    /// Start of each row in ``places`` and ``values``, and the end of the last row, `[rows + 1]`.
    public private(set) var starts: [Int] = [0]
    /// Column of each value.
    public private(set) var places: [Int32] = []
    /// Values, one for each element of ``places``.
    public private(set) var values: [Float] = []

    /// Creates a matrix without rows.
    public init(columns: Int) {
        self.columns = columns
    }

    /// Number of rows.
    public var count: Int { starts.count - 1 }

    /// Returns the range of a row in ``places`` and ``values``.
    public func range(_ row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// Appends a value to the row being written.
    package mutating func append(_ value: Float, at place: Int) {
        places.append(Int32(place))
        values.append(value)
    }

    /// Ends the row being written.
    package mutating func endRow() { starts.append(places.count) }
}
