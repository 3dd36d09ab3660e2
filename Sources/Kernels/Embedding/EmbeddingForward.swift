internal import CKernels

/// Computes the embeddings in training: s[t] = word[id[t]] + position[p[t]] + tokenType[0];  y = dropout(layer
/// norm(s)).
///
/// - Parameters:
///   - ids: Rows of the word table, `[T]`.
///   - positions: Rows of the position table, `[T]`.
///   - weights: The three tables and the layer norm.
///   - dropout: Dropout of the normalised rows.
///   - sum: The sum s, kept for the backward pass; resized to `[T, width]`.
///   - y: The result; resized to `[T, width]`.
///   - statistics: Mean and 1 / deviation of each row of s, kept for the backward pass; resized to `[T, 2]`.
///   - team: Threads that share the work.
public func embed(
    ids: [Int32], positions: [Int32], _ weights: EmbeddingWeights, _ dropout: Dropout, sum: inout Matrix,
    into y: inout Matrix, statistics: inout Matrix, team: ThreadTeam
) {
    let norm = weights.norm
    let width = norm.width
    precondition(sum.columns == width && y.columns == width)
    precondition(ids.count == positions.count && statistics.columns == 2)
    sum.resize(rows: ids.count)
    y.resize(rows: ids.count)
    statistics.resize(rows: ids.count)
    let (vocabulary, places) = (weights.word.value.rows, weights.position.value.rows)
    let (w, p) = unsafe (weights.word.value.base, weights.position.value.base)
    let type = unsafe weights.tokenType.value.base
    let (s, target, kept) = unsafe (sum.base, y.base, statistics.base)
    let (g, b, epsilon) = unsafe (norm.gamma.value.base, norm.beta.value.base, norm.epsilon)
    let (kernels, mask, keepAll) = unsafe (Arithmetic.kernels, dropout.parameters, Dropout.none.parameters)
    team.forEachBlock(of: ids.count, step: normRowsAtATime) { rows, _ in
        let first = rows.lowerBound * width
        for t in rows {
            let (id, place) = (Int(ids[t]), Int(positions[t]))
            precondition(id >= 0 && id < vocabulary && place >= 0 && place < places)
            unsafe kernels.add_three(s + t * width, w + id * width, p + place * width, type, width)
        }
        unsafe kernels.residual_norm(
            s + first, nil, rows.count, width, first, keepAll, g, b, epsilon, target + first,
            kept + 2 * rows.lowerBound)
        if mask.threshold > 0 {
            unsafe kernels.drop_out(target + first, rows.count * width, first, mask)
        }
    }
}
