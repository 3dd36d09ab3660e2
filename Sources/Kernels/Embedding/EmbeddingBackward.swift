internal import CKernels

/// Computes the gradients of the embeddings in training.
///
/// - Parameters:
///   - dy: Gradient with respect to the result, `[T, width]`; becomes the gradient with respect to s.
///   - ids: Rows of the word table, as in the forward pass.
///   - positions: Rows of the position table, as in the forward pass.
///   - sum: The sum s of the forward pass.
///   - statistics: The statistics of the forward pass.
///   - weights: The three tables and the layer norm, whose gradients are added to.
///   - dropout: Dropout of the forward pass.
///   - team: Threads that share the rows. For the tables they share the columns, because many tokens may have the same
///     row.
public func embedBackward(
    _ dy: inout Matrix, ids: [Int32], positions: [Int32], sum: borrowing Matrix, statistics: borrowing Matrix,
    _ weights: EmbeddingWeights, _ dropout: Dropout, team: ThreadTeam
) {
    let (rows, width, norm) = (dy.rows, dy.columns, weights.norm)
    precondition(ids.count == rows && positions.count == rows && sum.rows == rows && statistics.rows == rows)
    precondition(sum.columns == width && statistics.columns == 2 && norm.width == width)
    let (vocabulary, places) = (weights.word.value.rows, weights.position.value.rows)
    precondition(ids.allSatisfy { $0 >= 0 && $0 < vocabulary } && positions.allSatisfy { $0 >= 0 && $0 < places })
    let (slope, s, kept, g) = unsafe (dy.base, sum.base, statistics.base, norm.gamma.value.base)
    let (kernels, mask, keepAll) = unsafe (Arithmetic.kernels, dropout.parameters, Dropout.none.parameters)
    unsafe team.addSums(
        of: rows, step: sumStep(rows: rows),
        to: [norm.gamma.gradient.base, norm.beta.gradient.base, weights.tokenType.gradient.base], width: width
    ) { range, sums in
        let first = range.lowerBound * width
        if mask.threshold > 0 {
            unsafe kernels.drop_out(slope + first, range.count * width, first, mask)
        }
        unsafe kernels.norm_backward(
            slope + first, s + first, kept + 2 * range.lowerBound, range.count, width, g, slope + first, nil, first,
            keepAll, sums, sums + width)
        unsafe kernels.add_rows(sums + 2 * width, slope + first, range.count, width, width)
    }
    let (words, placed) = unsafe (weights.word.gradient.base, weights.position.gradient.base)
    team.forEachBlock(of: width, step: 64) { columns, _ in
        let first = columns.lowerBound
        unsafe kernels.scatter_add_rows(words + first, slope + first, ids, rows, columns.count, width)
        unsafe kernels.scatter_add_rows(placed + first, slope + first, positions, rows, columns.count, width)
    }
}
