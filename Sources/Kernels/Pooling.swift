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

/// dx = the gradient of ``meanPool(_:spans:into:)``: zero outside the spans, added up where they overlap.
///
/// - Parameters:
///   - dy: `[S, width]`
///   - spans: As forward's.
///   - dx: `[T, width]`, as high as forward's input; written.
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

/// y[s] += x[rows[s]]; the gradient by x is ``gatherBackward(_:rows:into:)``, that by y is y's own.
///
/// - Parameters:
///   - input: x, `[T, width]`.
///   - rows: `[S]`, rows of x.
///   - output: y, `[S, width]`.
public func addGathered(_ input: borrowing Matrix, rows: [Int], to output: inout Matrix) {
    precondition(output.columns == input.columns && output.rows == rows.count)
    let kernels = unsafe Arithmetic.kernels
    for (s, row) in rows.enumerated() {
        precondition(row >= 0 && row < input.rows)
        unsafe kernels.add_scaled(output.pointer(row: s), input.pointer(row: row), 1, input.columns)
    }
}

/// dx = the gradient of ``gather(_:rows:into:)``: zero but in the rows gathered, added up where one was gathered twice.
///
/// - Parameters:
///   - dy: `[S, width]`
///   - rows: As forward's.
///   - dx: `[T, width]`, as high as forward's input; written.
public func gatherBackward(_ dy: borrowing Matrix, rows: [Int], into dx: inout Matrix) {
    precondition(dy.rows == rows.count && dx.columns == dy.columns)
    dx.clear()
    let kernels = unsafe Arithmetic.kernels
    for (s, row) in rows.enumerated() {
        precondition(row >= 0 && row < dx.rows)
        unsafe kernels.add_scaled(dx.pointer(row: row), dy.pointer(row: s), 1, dy.columns)
    }
}
