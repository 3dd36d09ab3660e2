internal import CKernels

/// Number of query rows of a block in the backward pass. Its two blocks of scores take as much memory as the single one
/// of the forward pass.
private let backwardRows = queryRows / 2

/// Computes the gradient of attention with respect to Q, K and V. The probabilities are recomputed block by block and
/// never stored.
///
/// With P the probabilities, P̃ = dropout(P), O = P̃ V and one block of queries at a time:
///
///     dP = dropout(dO Vᵀ);  δ_t = Σ_c dO[t, c] O[t, c];  dS = P ∘ (dP - δ)
///     dQ = dS K / √d;  dK = dSᵀ Q / √d;  dV = P̃ᵀ dO
///
/// δ equals the Σ_u P[t, u] dP[t, u] of the softmax gradient, but is computed from O (Dao et al. 2022, §B.2).
///
/// - Parameters:
///   - dContext: Gradient dO with respect to the result, `[T, width]`.
///   - projected: Q, K and V, as passed to ``attention(_:_:into:scratch:team:)``.
///   - context: The result O of the forward pass.
///   - form: The windows and heads, and how the result is computed, as in the forward pass; all rows attend.
///   - dProjected: dQ, dK and dV side by side; resized to `[T, 3 · width]`.
///   - scratch: One row for each member of the team, of at least ``attentionBackwardScratchColumns(longest:width:)``
///     columns.
///   - team: Threads that share the windows and heads.
public func attentionBackward(
    _ dContext: borrowing Matrix, projected: borrowing Matrix, context: borrowing Matrix, _ form: MultiHeadAttention,
    into dProjected: inout Matrix, scratch: inout Matrix, team: ThreadTeam
) {
    precondition(form.queries == .all && form.precision == .float32)
    let shape = AttentionShape(form, rows: projected.rows, width: context.columns)
    let (width, headWidth, stride) = (shape.width, shape.headWidth, 3 * shape.width)
    precondition(projected.columns == stride && dProjected.columns == stride && dContext.columns == width)
    precondition(context.rows == projected.rows && dContext.rows == projected.rows && scratch.rows >= team.count)
    dProjected.resize(rows: projected.rows)
    let (source, output, outputGradient) = unsafe (projected.base, context.base, dContext.base)
    let (target, scratchBase, scratchRow) = unsafe (dProjected.base, scratch.base, scratch.columns)
    let (kernels, backend) = unsafe (Arithmetic.kernels, form.backend)
    team.forEach(shape.count) { index, member in
        let item = shape[index]
        let length = item.length
        let scoreStride = AttentionShape.scoreStride(length: length)
        let mask = form.dropout.part(index).parameters
        var scratch = unsafe Scratch(scratchBase + member * scratchRow, count: scratchRow)
        let scores = unsafe scratch.take(backwardRows * scoreStride)
        let gradients = unsafe scratch.take(backwardRows * scoreStride)
        let (inverseSums, deltas) = unsafe (scratch.take(backwardRows), scratch.take(backwardRows))

        let (queries, keys, values) = unsafe split(source + item.projected, width)
        let (dQueries, dKeys, dValues) = unsafe split(target + item.projected, width)
        let transposedKeys = unsafe AttentionFactor(
            transposed: keys, rows: length, inner: headWidth, stride: stride, scale: shape.scale, backend,
            &scratch)
        let transposedValues = unsafe AttentionFactor(
            transposed: values, rows: length, inner: headWidth, stride: stride, backend, &scratch)
        let keyColumns = unsafe AttentionFactor(
            keys, inner: length, columns: headWidth, stride: stride, backend, &scratch)
        for t in 0..<length {
            unsafe (dKeys + t * stride).update(repeating: 0, count: headWidth)
            unsafe (dValues + t * stride).update(repeating: 0, count: headWidth)
        }
        for rows in item.blocks(of: backwardRows) {
            // The copy lets the panels of every block use the same memory.
            var scratch = scratch
            let (count, first) = (rows.count, item.context + rows.lowerBound * width)
            let query = unsafe queries + rows.lowerBound * stride
            let dOutput = unsafe outputGradient + first
            unsafe transposedKeys.multiply(query, stride, rows: count, into: scores, scoreStride)
            unsafe kernels.exp_rows(scores, count, length, scoreStride, inverseSums)
            unsafe transposedValues.multiply(dOutput, width, rows: count, into: gradients, scoreStride)
            unsafe kernels.dot_rows(deltas, dOutput, width, output + first, width, count, headWidth)
            unsafe kernels.softmax_backward(
                scores, gradients, count, scoreStride, inverseSums, deltas, shape.scale,
                rows.lowerBound * scoreStride, mask)
            unsafe keyColumns.multiply(
                gradients, scoreStride, rows: count, into: dQueries + rows.lowerBound * stride, stride)
            unsafe AttentionFactor(query, inner: count, columns: headWidth, stride: stride, backend, &scratch)
                .multiply(transposeOf: gradients, scoreStride, columns: length, addingTo: dKeys, stride)
            unsafe AttentionFactor(dOutput, inner: count, columns: headWidth, stride: width, backend, &scratch)
                .multiply(transposeOf: scores, scoreStride, columns: length, addingTo: dValues, stride)
        }
    }
}

/// Returns the number of columns that the scratch of attention's backward pass needs.
///
/// - Parameters:
///   - longest: Length of the longest window.
///   - width: Width of one head.
/// - Returns: The number of columns.
public func attentionBackwardScratchColumns(longest: Int, width: Int) -> Int {
    2 * Scratch.size(backwardRows * AttentionShape.scoreStride(length: longest)) + 2 * Scratch.size(backwardRows)
        + 2 * Scratch.size(PackedProduct.size(rows: longest, inner: width))
        + Scratch.size(PackedProduct.size(rows: width, inner: longest))
        + 2 * Scratch.size(PackedProduct.size(rows: width, inner: backwardRows))
}

/// Splits one head's row of Q, K and V, or of their gradients, into three pointers.
private func split<Pointer: Strideable>(
    _ projected: Pointer, _ width: Pointer.Stride
) -> (queries: Pointer, keys: Pointer, values: Pointer) {
    (projected, projected.advanced(by: width), projected.advanced(by: width).advanced(by: width))
}
