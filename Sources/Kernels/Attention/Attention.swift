internal import CKernels

/// Number of query rows whose scores are computed at a time. A block of 96 by 512 scores takes 192 KiB and stays in the
/// second-level cache between its two matrix multiplications. Must be a multiple of ``PackedProduct/tileRows``.
let queryRows = 96

/// Computes multi-head scaled dot-product self-attention within each window (Vaswani et al. 2017, eq. 1), with dropout
/// of the probabilities as in BERT.
///
///     context[t, h] = Σ_u dropout(softmax_u(Q[t, h] · K[u, h] / √d)) V[u, h],   u over the window of t
///
/// - Parameters:
///   - projected: Q, K and V side by side, `[T, 3 · width]`. The columns of a head are adjacent within each of the
///     three.
///   - form: The windows and heads, and how the result is computed.
///   - context: The result; resized to `[T, width]`, or to `[W, width]` if only the first row of each window attends.
///   - scratch: One row for each member of the team, of at least ``attentionScratchColumns(longest:width:_:)`` columns.
///   - team: Threads that share the windows and heads.
public func attention(
    _ projected: borrowing Matrix, _ form: MultiHeadAttention, into context: inout Matrix, scratch: inout Matrix,
    team: ThreadTeam
) {
    let shape = AttentionShape(form, rows: projected.rows, width: context.columns)
    precondition(projected.columns == 3 * shape.width && scratch.rows >= team.count)
    context.resize(rows: shape.contextRows)
    let (source, target, row, rowCount) = unsafe (projected.base, context.base, scratch.base, scratch.columns)
    team.forEach(shape.count) { index, member in
        var scratch = unsafe Scratch(row + member * rowCount, count: rowCount)
        switch form.precision {
        case .float32:
            unsafe attend(
                source, shape, shape[index], form.dropout.part(index), into: target, &scratch, form.backend)
        case .bfloat16: unsafe attendBFloat16(source, shape, shape[index], into: target, &scratch)
        case .int8: unsafe attendInt8(source, shape, shape[index], into: target, &scratch)
        }
    }
}

/// Computes the attention of one head in one window.
private func attend(
    _ source: UnsafePointer<Float>, _ shape: AttentionShape, _ item: AttentionShape.Item, _ dropout: Dropout,
    into target: UnsafeMutablePointer<Float>, _ scratch: inout Scratch, _ backend: GemmBackend
) {
    let (width, headWidth, stride, length) = (shape.width, shape.headWidth, 3 * shape.width, item.length)
    let kernels = unsafe Arithmetic.kernels
    let scoreStride = AttentionShape.scoreStride(length: length)
    let (block, inverseSums) = unsafe (scratch.take(queryRows * scoreStride), scratch.take(queryRows))
    let queries = unsafe source + item.projected
    let keys = unsafe AttentionFactor(
        transposed: queries + width, rows: length, inner: headWidth, stride: stride, scale: shape.scale, backend,
        &scratch)
    let values = unsafe AttentionFactor(
        queries + 2 * width, inner: length, columns: headWidth, stride: stride, backend, &scratch)
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

/// Returns the number of columns that attention's scratch needs.
///
/// - Parameters:
///   - longest: Length of the longest window.
///   - width: Width of one head.
///   - precision: Precision of the attention.
/// - Returns: The number of columns.
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
