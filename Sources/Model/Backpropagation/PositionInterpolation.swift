internal import Kernels

/// Interpolates a table of learned positions to more rows, for windows longer than those that the encoder was trained
/// on.
///
/// The lower half, which training has seen most often, is kept. The upper half is interpolated linearly, as Chen et al.
/// 2023 (arXiv:2306.15595) do with rotary positions. Fine-tuning adapts the result.
///
/// - Parameters:
///   - table: The learned positions, `[old][width]`.
///   - rows: Number of rows of the result, more than the table has.
/// - Returns: The positions, `[rows][width]`.
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
