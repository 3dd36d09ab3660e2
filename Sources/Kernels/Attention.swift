internal import CKernels

/// Query rows whose scores are computed at a time: a block of 96 by 512 scores is 192 KiB and stays in the
/// second-level cache between its two products. A multiple of a packed product's tile.
let queryRows = 96

/// Scaled dot-product self-attention within each window (Vaswani et al. 2017, eq. 1), all heads.
///
///     context[t, h] = Σ_u softmax_u(Q[t, h] · K[u, h] / √d) V[u, h],   u over the window of t
///
/// - Parameters:
///   - projected: Q, K and V side by side, `[T, 3 · width]`; a head's columns are adjacent within each.
///   - windows: The windows' cumulative lengths, `[W + 1]`, from 0 to T: packed, no padding.
///   - heads: H, a divisor of the width.
///   - context: Made `[T, width]`.
///   - scores: Scratch, one row of at least ``attentionScratchColumns(longest:width:)`` for each member of the team.
///   - team: Shares out windows and heads.
///   - packed: Whether its products are ``PackedProduct``'s or OpenBLAS's.
public func attention(
    _ projected: borrowing Matrix, windows: [Int], heads: Int,
    into context: inout Matrix, scores: inout Matrix, team: ThreadTeam, packed: Bool = PackedProduct.isFastest
) {
    let width = context.columns
    let headWidth = width / heads
    precondition(projected.columns == 3 * width && headWidth * heads == width && scores.rows >= team.count)
    precondition(windows.first == 0 && windows.last == projected.rows)
    context.resize(rows: projected.rows)
    let (source, target, scratch) = unsafe (projected.base, context.base, scores.base)
    let (stride, scratchRow) = (3 * width, scores.columns)
    let kernels = unsafe Arithmetic.kernels
    let scale = 1 / Float(headWidth).squareRoot()
    BLAS.singleThreaded
    team.forEach((windows.count - 1) * heads) { item, member in
        let (window, head) = (item / heads, item % heads)
        let (start, length) = (windows[window], windows[window + 1] - windows[window])
        precondition(attentionScratchColumns(longest: length, width: headWidth) <= scratchRow)
        let queries = unsafe source + start * stride + head * headWidth
        let (keys, values) = unsafe (queries + width, queries + 2 * width)
        let result = unsafe target + start * width + head * headWidth
        let block = unsafe scratch + member * scratchRow
        let inverseSums = unsafe block + queryRows * length
        let keyPanels = unsafe inverseSums + queryRows
        let valuePanels = unsafe keyPanels + PackedProduct.size(rows: length, inner: headWidth)
        if packed {
            unsafe PackedProduct.pack(keys, rows: length, inner: headWidth, stride: stride, scale, into: keyPanels)
            unsafe PackedProduct.pack(columnsOf: values, count: headWidth, inner: length, stride, into: valuePanels)
        }
        for first in Swift.stride(from: 0, to: length, by: queryRows) {
            let rows = min(queryRows, length - first)
            let (queries, result) = unsafe (queries + first * stride, result + first * width)
            if packed {
                unsafe kernels.product(block, length, queries, stride, rows, keyPanels, headWidth, length)
                unsafe kernels.exp_rows(block, rows, length, length, inverseSums)
                unsafe kernels.product(result, width, block, length, rows, valuePanels, length, headWidth)
            } else {
                unsafe BLAS.multiply(
                    .transposed, m: rows, n: length, k: headWidth, scale: scale, queries, stride, keys, stride,
                    into: block, length)
                unsafe kernels.exp_rows(block, rows, length, length, inverseSums)
                unsafe BLAS.multiply(
                    .asStored, m: rows, n: headWidth, k: length, block, length, values, stride, into: result, width)
            }
            unsafe kernels.scale_rows(result, rows, headWidth, width, inverseSums)
        }
    }
}

/// The columns that attention's scratch needs for windows of up to `longest` and heads of up to `width`.
public func attentionScratchColumns(longest: Int, width: Int) -> Int {
    queryRows * (longest + 1) + PackedProduct.size(rows: longest, inner: width)
        + PackedProduct.size(rows: width, inner: longest)
}
