/// A plain-text table with columns as wide as their widest cell.
struct TextColumns: CustomStringConvertible {
    private let rows: [[String]]
    private let leading: Set<Int>

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - rows: The rows of cells; a row may have fewer cells than others, or none.
    ///   - leading: The indices of the columns that are aligned left; the others are aligned right.
    init(_ rows: [[String]], leading: Set<Int>) {
        self.rows = rows
        self.leading = leading
    }

    var description: String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return leading.contains(column) ? cell + padding : padding + cell
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
