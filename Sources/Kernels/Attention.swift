internal import CKernels

/// Query rows whose scores are computed at a time: a block of 96 by 512 scores is 192 KiB and stays in the
/// second-level cache between its two products. A multiple of a packed product's tile.
let queryRows = 96

/// Scaled dot-product self-attention within each window (Vaswani et al. 2017, eq. 1), all heads, with dropout of the
/// probabilities as in BERT.
///
///     context[t, h] = Σ_u dropout(softmax_u(Q[t, h] · K[u, h] / √d)) V[u, h],   u over the window of t
///
/// - Parameters:
///   - projected: Q, K and V side by side, `[T, 3 · width]`; a head's columns are adjacent within each.
///   - windows: The windows' cumulative lengths, `[W + 1]`, from 0 to T: packed, no padding.
///   - heads: H, a divisor of the width.
///   - dropout: Of the probabilities, while training.
///   - context: Made `[T, width]`.
///   - scores: Scratch, one row of at least ``attentionScratchColumns(longest:width:)`` for each member of the team.
///   - team: Shares out windows and heads.
///   - packed: Whether its products are ``PackedProduct``'s or OpenBLAS's.
public func attention(
    _ projected: borrowing Matrix, windows: [Int], heads: Int, _ dropout: Dropout = .none,
    into context: inout Matrix, scores: inout Matrix, team: ThreadTeam, packed: Bool = PackedProduct.isFastest
) {
    let shape = AttentionShape(windows: windows, heads: heads, rows: projected.rows, width: context.columns)
    precondition(projected.columns == 3 * shape.width && scores.rows >= team.count)
    context.resize(rows: projected.rows)
    let (source, target, scratch, scratchRow) = unsafe (projected.base, context.base, scores.base, scores.columns)
    let (width, headWidth, stride) = (shape.width, shape.headWidth, 3 * shape.width)
    let kernels = unsafe Arithmetic.kernels
    BLAS.singleThreaded
    team.forEach(shape.count) { index, member in
        let item = shape[index]
        let length = item.length
        let scoreStride = AttentionShape.scoreStride(length: length)
        let mask = dropout.part(index).parameters
        var scratch = unsafe Scratch(scratch + member * scratchRow, count: scratchRow)
        let (block, inverseSums) = unsafe (scratch.take(queryRows * scoreStride), scratch.take(queryRows))
        let queries = unsafe source + item.projected
        let keys = unsafe AttentionFactor(
            transposed: queries + width, rows: length, inner: headWidth, stride: stride, scale: shape.scale,
            panels: packed ? scratch.take(PackedProduct.size(rows: length, inner: headWidth)) : nil)
        let values = unsafe AttentionFactor(
            queries + 2 * width, inner: length, columns: headWidth, stride: stride,
            panels: packed ? scratch.take(PackedProduct.size(rows: headWidth, inner: length)) : nil)
        for rows in item.blocks(of: queryRows) {
            let result = unsafe target + item.context + rows.lowerBound * width
            unsafe keys.multiply(
                queries + rows.lowerBound * stride, stride, rows: rows.count, into: block, scoreStride)
            unsafe kernels.exp_rows(block, rows.count, length, scoreStride, inverseSums)
            if dropout.probability > 0 {
                unsafe kernels.drop_out(block, rows.count * scoreStride, rows.lowerBound * scoreStride, mask)
            }
            unsafe values.multiply(block, scoreStride, rows: rows.count, into: result, width)
            unsafe kernels.scale_rows(result, rows.count, headWidth, width, inverseSums)
        }
    }
}

/// The columns that attention's scratch needs for windows of up to `longest` and heads of up to `width`.
public func attentionScratchColumns(longest: Int, width: Int) -> Int {
    Scratch.size(queryRows * AttentionShape.scoreStride(length: longest)) + Scratch.size(queryRows)
        + Scratch.size(PackedProduct.size(rows: longest, inner: width))
        + Scratch.size(PackedProduct.size(rows: width, inner: longest))
}
