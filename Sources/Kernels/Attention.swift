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
///   - queries: Which rows attend.
///   - precision: What Q, K, V and the probabilities are rounded to; where something drops out, float32.
///   - context: Made `[T, width]`, or `[W, width]` where only the first row of each window attends.
///   - scratch: One row of at least ``attentionScratchColumns(longest:width:_:)`` for each member of the team.
///   - team: Shares out windows and heads.
///   - products: How float32 matrices are multiplied, where `precision` is `.float32`.
public func attention(
    _ projected: borrowing Matrix, windows: [Int], heads: Int, _ dropout: Dropout = .none,
    queries: AttentionQueries = .all, _ precision: ProductPrecision = .float32,
    into context: inout Matrix, scratch: inout Matrix, team: ThreadTeam, products: AttentionProducts = .fastest
) {
    let shape = AttentionShape(
        windows: windows, heads: heads, rows: projected.rows, width: context.columns, queries: queries)
    precondition(projected.columns == 3 * shape.width && scratch.rows >= team.count)
    precondition(precision == .float32 || dropout.probability == 0)
    context.resize(rows: shape.contextRows)
    let (source, target, row, rowCount) = unsafe (projected.base, context.base, scratch.base, scratch.columns)
    team.forEach(shape.count) { index, member in
        var scratch = unsafe Scratch(row + member * rowCount, count: rowCount)
        switch precision {
        case .float32:
            unsafe attend(
                source, shape, shape[index], dropout.part(index), into: target, &scratch, products)
        case .bfloat16: unsafe attendBFloat16(source, shape, shape[index], into: target, &scratch)
        case .int8: unsafe attendInt8(source, shape, shape[index], into: target, &scratch)
        }
    }
}

/// One head of one window.
private func attend(
    _ source: UnsafePointer<Float>, _ shape: AttentionShape, _ item: AttentionShape.Item, _ dropout: Dropout,
    into target: UnsafeMutablePointer<Float>, _ scratch: inout Scratch, _ products: AttentionProducts
) {
    let (width, headWidth, stride, length) = (shape.width, shape.headWidth, 3 * shape.width, item.length)
    let kernels = unsafe Arithmetic.kernels
    let scoreStride = AttentionShape.scoreStride(length: length)
    let (block, inverseSums) = unsafe (scratch.take(queryRows * scoreStride), scratch.take(queryRows))
    let queries = unsafe source + item.projected
    let keys = unsafe AttentionFactor(
        transposed: queries + width, rows: length, inner: headWidth, stride: stride, scale: shape.scale, products,
        &scratch)
    let values = unsafe AttentionFactor(
        queries + 2 * width, inner: length, columns: headWidth, stride: stride, products, &scratch)
    for rows in item.blocks(of: queryRows) {
        let result = unsafe target + item.context + rows.lowerBound * width
        unsafe keys.multiply(queries + rows.lowerBound * stride, stride, rows: rows.count, into: block, scoreStride)
        unsafe kernels.exp_rows(block, rows.count, length, scoreStride, inverseSums)
        if dropout.probability > 0 {
            unsafe kernels.drop_out(
                block, rows.count * scoreStride, rows.lowerBound * scoreStride, dropout.parameters)
        }
        unsafe values.multiply(block, scoreStride, rows: rows.count, into: result, width)
        unsafe kernels.scale_rows(result, rows.count, headWidth, width, inverseSums)
    }
}

/// The columns that attention's scratch needs for windows of up to `longest` and heads of up to `width`.
public func attentionScratchColumns(
    longest: Int, width: Int, _ precision: ProductPrecision = .float32
) -> Int {
    switch precision {
    case .float32:
        Scratch.size(queryRows * AttentionShape.scoreStride(length: longest)) + Scratch.size(queryRows)
            + Scratch.size(PackedProduct.size(rows: longest, inner: width))
            + Scratch.size(PackedProduct.size(rows: width, inner: longest))
    case .bfloat16, .int8: NarrowAttentionSizes.scratchColumns(longest: longest, width: width, precision)
    }
}
