/// A sparse matrix in compressed rows: of each row, the places that are not zero, ascending, and what stands there.
public struct SparseRows: Sendable, Equatable {
    /// The width.
    public let columns: Int
    /// Where each row begins in ``places`` and ``values``, and where the last one ends, `[rows + 1]`.
    public private(set) var starts: [Int] = [0]
    /// Columns.
    public private(set) var places: [Int32] = []
    /// As many as ``places``.
    public private(set) var values: [Float] = []

    /// No rows yet.
    public init(columns: Int) {
        self.columns = columns
    }

    /// The height.
    public var count: Int { starts.count - 1 }

    /// One row's part of ``places`` and ``values``.
    public func range(_ row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// Adds to the row that is being written.
    package mutating func append(_ value: Float, at place: Int) {
        places.append(Int32(place))
        values.append(value)
    }

    /// Ends the row that is being written.
    package mutating func endRow() { starts.append(places.count) }
}
