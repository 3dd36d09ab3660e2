internal import CKernels

/// Averages rows: y[s] = mean of x's rows in spans[s].
///
/// - Parameters:
///   - input: x, `[T, width]`.
///   - spans: Ranges of rows, `[S]`; none may be empty.
///   - output: The result y; resized to `[S, width]`.
public func meanPool(_ input: borrowing Matrix, spans: [Range<Int>], into output: inout Matrix) {
    let width = input.columns
    precondition(output.columns == width)
    output.resize(rows: spans.count)
    let kernels = unsafe Arithmetic.kernels
    for (s, span) in spans.enumerated() {
        precondition(!span.isEmpty && span.lowerBound >= 0 && span.upperBound <= input.rows)
        unsafe kernels.mean_rows(
            output.pointer(row: s), input.pointer(row: span.lowerBound), span.count, width, width)
    }
}

/// Computes the gradient of ``meanPool(_:spans:into:)``. It is zero outside the spans and added up where they overlap.
///
/// - Parameters:
///   - dy: Gradient with respect to y, `[S, width]`.
///   - spans: Ranges of rows, as in the forward pass.
///   - dx: Gradient with respect to x, `[T, width]`; must have x's size and is overwritten.
public func meanPoolBackward(_ dy: borrowing Matrix, spans: [Range<Int>], into dx: inout Matrix) {
    let width = dy.columns
    precondition(dy.rows == spans.count && dx.columns == width)
    dx.clear()
    let kernels = unsafe Arithmetic.kernels
    for (s, span) in spans.enumerated() {
        precondition(!span.isEmpty && span.lowerBound >= 0 && span.upperBound <= dx.rows)
        let share = 1 / Float(span.count)
        for t in span {
            unsafe kernels.add_scaled(dx.pointer(row: t), dy.pointer(row: s), share, width)
        }
    }
}

/// Copies rows: y[s] = x[rows[s]].
///
/// - Parameters:
///   - input: x, `[T, width]`.
///   - rows: Rows of x, `[S]`.
///   - output: The result y; resized to `[S, width]`.
public func gather(_ input: borrowing Matrix, rows: [Int], into output: inout Matrix) {
    precondition(output.columns == input.columns)
    output.resize(rows: rows.count)
    for (s, row) in rows.enumerated() {
        precondition(row >= 0 && row < input.rows)
        unsafe output.pointer(row: s).update(from: input.pointer(row: row), count: input.columns)
    }
}

/// Adds rows: y[s] += x[rows[s]].
///
/// The gradient with respect to x is ``gatherBackward(_:rows:into:)``; that with respect to y is unchanged.
///
/// - Parameters:
///   - input: x, `[T, width]`.
///   - rows: Rows of x, `[S]`.
///   - output: y, `[S, width]`.
public func addGathered(_ input: borrowing Matrix, rows: [Int], to output: inout Matrix) {
    precondition(output.columns == input.columns && output.rows == rows.count)
    let kernels = unsafe Arithmetic.kernels
    for (s, row) in rows.enumerated() {
        precondition(row >= 0 && row < input.rows)
        unsafe kernels.add_scaled(output.pointer(row: s), input.pointer(row: row), 1, input.columns)
    }
}

/// Computes the gradient of ``gather(_:rows:into:)``. It is zero in rows that were not gathered and added up in rows
/// that were gathered more than once.
///
/// - Parameters:
///   - dy: Gradient with respect to y, `[S, width]`.
///   - rows: Rows of x, as in the forward pass.
///   - dx: Gradient with respect to x, `[T, width]`; must have x's size and is overwritten.
public func gatherBackward(_ dy: borrowing Matrix, rows: [Int], into dx: inout Matrix) {
    precondition(dy.rows == rows.count && dx.columns == dy.columns)
    dx.clear()
    let kernels = unsafe Arithmetic.kernels
    for (s, row) in rows.enumerated() {
        precondition(row >= 0 && row < dx.rows)
        unsafe kernels.add_scaled(dx.pointer(row: row), dy.pointer(row: s), 1, dy.columns)
    }
}
