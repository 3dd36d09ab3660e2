/// Rows of a matrix as one member of a team works on them: the members may write different rows at a time, which a
/// matrix's owner alone could not allow.
///
/// A view must not outlive its matrix, nor see it resized.
@safe public struct MatrixView: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    /// The height.
    public let rows: Int
    /// The width.
    public let columns: Int

    init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        unsafe self.base = unsafe base
        self.rows = rows
        self.columns = columns
    }

    /// Some of the rows.
    public subscript(range: Range<Int>) -> MatrixView {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return unsafe MatrixView(base + range.lowerBound * columns, rows: range.count, columns: columns)
    }
}

extension Matrix {
    /// All rows, for the members of a team.
    public var view: MatrixView { unsafe MatrixView(base, rows: rows, columns: columns) }
}
