internal import CKernels

/// The sizes of the buffers of one head in one window in bfloat16 or int8, in floats unless stated otherwise.
struct NarrowAttentionSizes {
    /// Number of queries whose scores are computed at a time: whole tiles, and so few that their scores and
    /// probabilities stay in the first-level cache.
    let rows: Int
    /// Elements from one row of scores to the next: one for each key, rounded up to whole panels.
    let scoreStride: Int
    /// Width of a row of V, rounded up to whole panels.
    let valueStride: Int
    /// Number of four-byte groups in a row of Q or K.
    let keyGroups: Int
    /// Number of four-byte groups in a row of probabilities.
    let valueGroups: Int

    init(_ precision: ProductPrecision, length: Int, width: Int) {
        rows = unsafe Int(NarrowProduct.kernels(precision).pointee.tile_rows) * max(1, min(4, 256 / length))
        scoreStride = AttentionShape.scoreStride(length: length)
        valueStride = AttentionShape.scoreStride(length: width)
        keyGroups = NarrowProduct.groups(precision, inner: width)
        valueGroups = NarrowProduct.groups(precision, inner: length)
    }

    var queryBytes: Int { 4 * keyGroups }
    var probabilityBytes: Int { 4 * valueGroups }
    var keys: Int { scoreStride * keyGroups }
    var values: Int { valueStride * valueGroups }
    var queries: Int { rows * keyGroups }
    var probabilities: Int { rows * valueGroups }
    var scores: Int { rows * scoreStride }
    /// One panel of sums.
    var sums: Int { rows * ck_panel_columns }
    /// One `ck_row_scale` per row.
    var rowScales: Int { 2 * rows }

    /// Size of all buffers together, including int8's scales and offsets of the keys, scales of V's columns, and zeros.
    private var total: Int {
        [
            keys, values, queries, probabilities, scores, sums, rowScales, scoreStride, scoreStride, valueStride,
            ck_panel_columns,
        ].reduce(0) { $0 + Scratch.size($1) }
    }

    /// Returns the number of columns of scratch for windows of up to `longest` tokens and heads of up to `width`.
    static func scratchColumns(longest: Int, width: Int, _ precision: ProductPrecision) -> Int {
        (1...max(1, longest)).reduce(0) { max($0, NarrowAttentionSizes(precision, length: $1, width: width).total) }
    }
}
