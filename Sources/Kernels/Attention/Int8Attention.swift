internal import CKernels

/// Computes the attention of one head in one window with bytes.
///
/// Each query has its own range; each key and each column of V has its own scale; probabilities are quantised relative
/// to the largest of their row. Scores and softmax are float32. The softmax divides by the sum of the rounded
/// probabilities.
func attendInt8(
    _ source: UnsafePointer<Float>, _ shape: AttentionShape, _ item: AttentionShape.Item,
    into target: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
) {
    let (width, headWidth, stride, length) = (shape.width, shape.headWidth, 3 * shape.width, item.length)
    let (vector, products) = unsafe (Arithmetic.kernels, NarrowProduct.kernels(.int8).pointee)
    let sizes = NarrowAttentionSizes(.int8, length: length, width: headWidth)
    let queries = unsafe source + item.projected
    let (keys, keyScales) = unsafe (scratch.take(sizes.keys), scratch.take(sizes.scoreStride))
    let keyOffsets = unsafe scratch.take(sizes.scoreStride)
    let (values, valueScales) = unsafe (scratch.take(sizes.values), scratch.take(sizes.valueStride))
    let (bytes, probabilities) = unsafe (scratch.take(sizes.queries), scratch.take(sizes.probabilities))
    let (scores, sums) = unsafe (scratch.take(sizes.scores), scratch.take(sizes.sums))
    let (rowScales, zeros) = unsafe (scratch.take(sizes.rowScales), scratch.take(ck_panel_columns))
    unsafe zeros.update(repeating: 0, count: ck_panel_columns)
    let scales = unsafe UnsafeMutableRawPointer(rowScales).assumingMemoryBound(to: ck_row_scale.self)
    unsafe ck_narrow_pack(
        ck_int8, Arithmetic.kernelsPointer, keys, keyScales, keyOffsets, bytes, queries + width, stride, length,
        headWidth, sizes.keyGroups)
    for first in panels(of: headWidth) {
        unsafe vector.pack_signed_columns(
            values + first * sizes.valueGroups, valueScales + first, queries + 2 * width + first, stride,
            min(ck_panel_columns, headWidth - first), length, sizes.valueGroups)
    }
    for rows in item.blocks(of: sizes.rows) {
        let result = unsafe target + item.context + rows.lowerBound * width
        unsafe vector.quantise_rows(
            bytes, sizes.queryBytes, scales, queries + rows.lowerBound * stride, stride, rows.count, headWidth,
            products.levels)
        unsafe products.sums(
            scores, sizes.scoreStride, bytes, sizes.queryBytes, rows.count, keys, sizes.scoreStride, sizes.keyGroups)
        unsafe vector.exp2_byte_rows(
            probabilities, sizes.probabilityBytes, scales, scores, rows.count, length, sizes.scoreStride, keyScales,
            keyOffsets, shape.scale * log2OfE, products.levels)
        for first in panels(of: headWidth) {
            unsafe products.sums(
                sums, ck_panel_columns, probabilities, sizes.probabilityBytes, rows.count,
                values + first * sizes.valueGroups, ck_panel_columns, sizes.valueGroups)
            unsafe vector.finish_int8_sums(
                result + first, width, UnsafeMutableRawPointer(sums).assumingMemoryBound(to: Int32.self), rows.count,
                min(ck_panel_columns, headWidth - first), zeros, valueScales + first, zeros, scales, ck_identity)
        }
    }
}
