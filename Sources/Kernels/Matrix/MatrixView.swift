/// A view of some rows of a matrix, through which the members of a team can write different rows at the same time.
///
/// The view must not outlive its matrix, and the matrix must not be resized while the view is in use.
@safe public struct MatrixView: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int

    init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        unsafe self.base = unsafe base
        self.rows = rows
        self.columns = columns
    }

    /// A view of a range of the rows.
    public subscript(range: Range<Int>) -> MatrixView {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return unsafe MatrixView(base + range.lowerBound * columns, rows: range.count, columns: columns)
    }
}

extension Matrix {
    /// A view of all rows.
    public var view: MatrixView { unsafe MatrixView(base, rows: rows, columns: columns) }
}
