internal import CKernels

/// y[s] = mean of x's rows in spans[s]
///
/// - Parameters:
///   - input: x, `[T, width]`.
///   - spans: `[S]` row ranges, none empty.
///   - output: y, made `[S, width]`.
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

/// y[s] = x[rows[s]]
///
/// - Parameters:
///   - input: x, `[T, width]`.
///   - rows: `[S]`, rows of x.
///   - output: y, made `[S, width]`.
public func gather(_ input: borrowing Matrix, rows: [Int], into output: inout Matrix) {
    precondition(output.columns == input.columns)
    output.resize(rows: rows.count)
    for (s, row) in rows.enumerated() {
        precondition(row >= 0 && row < input.rows)
        unsafe output.pointer(row: s).update(from: input.pointer(row: row), count: input.columns)
    }
}
