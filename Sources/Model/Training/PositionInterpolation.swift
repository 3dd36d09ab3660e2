internal import Kernels

/// A table of learned positions stretched over more of them, for windows longer than the encoder was trained on.
///
/// The lower half, which training has seen most, stays as it is; between the rows of the upper half others are
/// interpolated, as Chen et al. 2023 (arXiv:2306.15595) do with rotary positions. Fine-tuning does the rest.
///
/// - Parameters:
///   - table: `[old][width]`
///   - rows: More than the table has.
/// - Returns: `[rows][width]`
func stretchPositions(_ table: borrowing Matrix, to rows: Int) -> Matrix {
    let (kept, last) = (table.rows / 2, table.rows - 1)
    var values: [Float] = []
    values.reserveCapacity(rows * table.columns)
    for row in 0..<kept { values += table.row(row) }
    for row in kept..<rows {
        let place = Double(kept) + Double((row - kept) * (last - kept)) / Double(rows - 1 - kept)
        let below = Int(place)
        let share = Float(place - Double(below))
        values += zip(table.row(below), table.row(min(below + 1, last))).map { $0 + share * ($1 - $0) }
    }
    return Matrix(rows: rows, columns: table.columns, values)
}
