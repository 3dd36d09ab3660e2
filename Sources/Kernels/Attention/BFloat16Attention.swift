internal import CKernels

/// Computes the attention of one head in one window, with Q, K, V and the probabilities rounded to bfloat16. The scores
/// stay float32. The softmax divides by the sum of the rounded probabilities.
func attendBFloat16(
    _ source: UnsafePointer<Float>, _ shape: AttentionShape, _ item: AttentionShape.Item,
    into target: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
) {
    let (width, headWidth, stride, length) = (shape.width, shape.headWidth, 3 * shape.width, item.length)
    let (vector, products) = unsafe (Arithmetic.kernels, NarrowProduct.kernels(.bfloat16).pointee)
    let sizes = NarrowAttentionSizes(.bfloat16, length: length, width: headWidth)
    let (keys, values) = unsafe (scratch.take(sizes.keys), scratch.take(sizes.values))
    let (rounded, probabilities) = unsafe (scratch.take(sizes.queries), scratch.take(sizes.probabilities))
    let (scores, inverseSums) = unsafe (scratch.take(sizes.scores), scratch.take(sizes.rows))
    let lastColumns = unsafe scratch.take(sizes.sums)
    let queries = unsafe source + item.projected
    for first in panels(of: length) {
        let panel = unsafe keys + first * sizes.keyGroups
        unsafe BFloat16Product.pack(
            rows: queries + width + first * stride, count: min(ck_panel_columns, length - first), inner: headWidth,
            stride: stride, into: panel)
        unsafe clear(panel, pairs: (headWidth + 1) / 2..<sizes.keyGroups)
    }
    for first in panels(of: headWidth) {
        let panel = unsafe values + first * sizes.valueGroups
        unsafe BFloat16Product.pack(
            columns: queries + 2 * width + first, count: min(ck_panel_columns, headWidth - first), inner: length,
            stride: stride, into: panel)
        unsafe clear(panel, pairs: (length + 1) / 2..<sizes.valueGroups)
    }
    for rows in item.blocks(of: sizes.rows) {
        let result = unsafe target + item.context + rows.lowerBound * width
        unsafe vector.round_rows(
            rounded, sizes.queryBytes, queries + rows.lowerBound * stride, stride, rows.count, headWidth)
        unsafe products.sums(
            scores, sizes.scoreStride, rounded, sizes.queryBytes, rows.count, keys, sizes.scoreStride, sizes.keyGroups)
        unsafe vector.exp2_rows(
            probabilities, sizes.probabilityBytes, scores, rows.count, length, sizes.scoreStride,
            shape.scale * log2OfE, inverseSums)
        let whole = headWidth / ck_panel_columns * ck_panel_columns
        unsafe products.sums(
            result, width, probabilities, sizes.probabilityBytes, rows.count, values, whole, sizes.valueGroups)
        if whole < headWidth {
            unsafe products.sums(
                lastColumns, ck_panel_columns, probabilities, sizes.probabilityBytes, rows.count,
                values + whole * sizes.valueGroups, ck_panel_columns, sizes.valueGroups)
            for row in 0..<rows.count {
                unsafe (result + row * width + whole).update(
                    from: lastColumns + row * ck_panel_columns, count: headWidth - whole)
            }
        }
        unsafe vector.scale_rows(result, rows.count, headWidth, width, inverseSums)
    }
}

/// Sets the pairs that complete a panel's last group of 16 to zero.
private func clear(_ panel: UnsafeMutablePointer<Float>, pairs: Range<Int>) {
    unsafe (panel + pairs.lowerBound * ck_panel_columns).update(
        repeating: 0, count: pairs.count * ck_panel_columns)
}
