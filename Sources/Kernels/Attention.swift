internal import CKernels

/// Query rows whose scores are computed at a time: a block of 128 by 512 scores is 256 KiB and stays in the
/// second-level cache between its two products.
let queryRows = 128

/// Scaled dot-product self-attention within each window (Vaswani et al. 2017, eq. 1), all heads.
///
///     context[t, h] = Σ_u softmax_u(Q[t, h] · K[u, h] / √d) V[u, h],   u over the window of t
///
/// - Parameters:
///   - projected: Q, K and V side by side, `[T, 3 · width]`; a head's columns are adjacent within each.
///   - windows: The windows' cumulative lengths, `[W + 1]`, from 0 to T: packed, no padding.
///   - heads: H, a divisor of the width.
///   - context: Made `[T, width]`.
///   - scores: Scratch, one row of at least `queryRows · (longest window + 1)` for each member of the team.
///   - team: Shares out windows, heads and blocks of queries.
public func attention(
    _ projected: borrowing Matrix, windows: [Int], heads: Int,
    into context: inout Matrix, scores: inout Matrix, team: ThreadTeam
) {
    let width = context.columns
    let headWidth = width / heads
    precondition(projected.columns == 3 * width && headWidth * heads == width && scores.rows >= team.count)
    precondition(windows.first == 0 && windows.last == projected.rows)
    context.resize(rows: projected.rows)
    let (source, target, scratch) = unsafe (projected.base, context.base, scores.base)
    let (stride, scratchRow) = (3 * width, scores.columns)
    let rowwise = unsafe Arithmetic.rowwise
    BLAS.singleThreaded
    team.forEach((windows.count - 1) * heads) { item, member in
        let (window, head) = (item / heads, item % heads)
        let (start, length) = (windows[window], windows[window + 1] - windows[window])
        precondition(queryRows * (length + 1) <= scratchRow)
        let queries = unsafe source + start * stride + head * headWidth
        let (keys, values) = unsafe (queries + width, queries + 2 * width)
        let result = unsafe target + start * width + head * headWidth
        let block = unsafe scratch + member * scratchRow
        let inverseSums = unsafe block + queryRows * length
        for first in Swift.stride(from: 0, to: length, by: queryRows) {
            let rows = min(queryRows, length - first)
            unsafe BLAS.multiply(
                .transposed, m: rows, n: length, k: headWidth, scale: 1 / Float(headWidth).squareRoot(),
                queries + first * stride, stride, keys, stride, into: block, length)
            unsafe rowwise.exp_rows(block, rows, length, length, inverseSums)
            unsafe BLAS.multiply(
                .asStored, m: rows, n: headWidth, k: length, block, length, values, stride,
                into: result + first * width, width)
            unsafe rowwise.scale_rows(result + first * width, rows, headWidth, width, inverseSums)
        }
    }
}

/// The columns ``attention(_:windows:heads:into:scores:team:)`` needs in its scratch for windows of up to `longest`.
public func attentionScratchColumns(longest: Int) -> Int {
    queryRows * (longest + 1)
}
