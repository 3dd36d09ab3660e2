internal import CKernels

/// Computes the gradients of the embeddings in training. All of them are added to.
///
/// - Parameters:
///   - dy: Gradient with respect to the result, `[T, width]`; becomes the gradient with respect to s.
///   - ids: Rows of the word table, as in the forward pass.
///   - positions: Rows of the position table, as in the forward pass.
///   - sum: The sum s of the forward pass.
///   - statistics: The statistics of the forward pass.
///   - gamma: Scale γ of the layer norm, `[1, width]`.
///   - dropout: Dropout of the forward pass.
///   - wordGradient: Gradient of the word embeddings, `[vocabulary, width]`.
///   - positionGradient: Gradient of the position embeddings, `[positions, width]`.
///   - tokenTypeGradient: Gradient of the token type embeddings, `[types, width]`.
///   - gammaGradient: Gradient of γ, `[1, width]`.
///   - betaGradient: Gradient of β, `[1, width]`.
///   - team: Threads that share the rows. For the tables they share the columns, because many tokens may have the same
///     row.
public func embedBackward(
    _ dy: inout Matrix, ids: [Int32], positions: [Int32], sum: borrowing Matrix, statistics: borrowing Matrix,
    gamma: borrowing Matrix, _ dropout: Dropout, wordGradient: inout Matrix, positionGradient: inout Matrix,
    tokenTypeGradient: inout Matrix, gammaGradient: inout Matrix, betaGradient: inout Matrix, team: ThreadTeam
) {
    let (rows, width) = (dy.rows, dy.columns)
    precondition(ids.count == rows && positions.count == rows && sum.rows == rows && statistics.rows == rows)
    precondition(sum.columns == width && statistics.columns == 2 && gamma.columns == width)
    precondition(wordGradient.columns == width && positionGradient.columns == width)
    precondition(tokenTypeGradient.columns == width && tokenTypeGradient.rows > 0)
    precondition(gammaGradient.columns == width && betaGradient.columns == width)
    let (vocabulary, places) = (wordGradient.rows, positionGradient.rows)
    precondition(ids.allSatisfy { $0 >= 0 && $0 < vocabulary } && positions.allSatisfy { $0 >= 0 && $0 < places })
    let (slope, s, kept, g) = unsafe (dy.base, sum.base, statistics.base, gamma.base)
    let (kernels, parameters, keepAll) = unsafe (Arithmetic.kernels, dropout.parameters, Dropout.none.parameters)
    unsafe team.addSums(
        of: rows, step: sumStep(rows: rows),
        to: [gammaGradient.base, betaGradient.base, tokenTypeGradient.base], width: width
    ) { range, sums in
        let first = range.lowerBound * width
        if parameters.threshold > 0 {
            unsafe kernels.drop_out(slope + first, range.count * width, first, parameters)
        }
        unsafe kernels.norm_backward(
            slope + first, s + first, kept + 2 * range.lowerBound, range.count, width, g, slope + first, nil, first,
            keepAll, sums, sums + width)
        unsafe kernels.add_rows(sums + 2 * width, slope + first, range.count, width, width)
    }
    let (words, placed) = unsafe (wordGradient.base, positionGradient.base)
    team.forEachBlock(of: width, step: 64) { columns, _ in
        let first = columns.lowerBound
        unsafe kernels.scatter_add_rows(words + first, slope + first, ids, rows, columns.count, width)
        unsafe kernels.scatter_add_rows(placed + first, slope + first, positions, rows, columns.count, width)
    }
}
