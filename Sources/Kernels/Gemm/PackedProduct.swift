internal import CKernels

/// Float32 matrix multiplication x · Wᵀ with W packed once; OpenBLAS would pack it at every call.
///
/// W `[out, in]` is stored in panels of 32 of its rows, `[⌈out / 32⌉, in, 32]`, the last one padded with zeros. A tile
/// reads a panel from front to back and x in place (Goto & van de Geijn 2008, without the copies).
public enum PackedProduct {
    /// Whether this is the fastest float32 matrix multiplication: the processor has vectors wide enough to beat
    /// OpenBLAS, or OpenBLAS is not installed.
    public static let isFastest = Arithmetic.instructionSets.first != "baseline" || !Arithmetic.hasOpenBLAS

    static let panelColumns = ck_panel_columns
    /// A multiple of the tile height of every instruction set.
    static let tileRows = 12

    /// Returns the size in floats of the panels of a matrix `[rows, inner]`.
    static func size(rows: Int, inner: Int) -> Int {
        (rows + panelColumns - 1) / panelColumns * panelColumns * inner
    }

    /// Packs W into a matrix of `⌈out / 32⌉ · in` rows of 32.
    static func pack(_ weight: borrowing Matrix) -> Matrix {
        let (outer, inner) = (weight.rows, weight.columns)
        let packed = Matrix(rows: size(rows: outer, inner: inner) / panelColumns, columns: panelColumns)
        unsafe pack(weight.base, rows: outer, inner: inner, stride: inner, 1, into: packed.base)
        return packed
    }

    /// Packs `scale` · W, where a row of W begins every `stride` elements.
    static func pack(
        _ weight: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, _ scale: Float,
        into panels: UnsafeMutablePointer<Float>
    ) {
        unsafe ck_pack_rows(panels, weight, rows, inner, stride, scale)
    }

    /// Packs Vᵀ for V `[inner, count]`: V's own columns, 32 at a time.
    static func pack(
        columnsOf v: UnsafePointer<Float>, count: Int, inner: Int, _ stride: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        unsafe ck_pack_columns(panels, v, count, inner, stride)
    }

    /// Packs `scale` · W like `pack(_:rows:inner:stride:_:into:)`; the members of a team share the panels.
    static func pack(
        _ weight: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, _ scale: Float,
        into panels: UnsafeMutablePointer<Float>, team: ThreadTeam
    ) {
        team.forEachBlock(of: rows, step: panelColumns) { range, _ in
            unsafe pack(
                weight + range.lowerBound * stride, rows: range.count, inner: inner, stride: stride, scale,
                into: panels + range.lowerBound * inner)
        }
    }

    /// Packs Vᵀ like `pack(columnsOf:count:inner:_:into:)`; the members of a team share the panels.
    static func pack(
        columnsOf v: UnsafePointer<Float>, count: Int, inner: Int, _ stride: Int,
        into panels: UnsafeMutablePointer<Float>, team: ThreadTeam
    ) {
        team.forEachBlock(of: count, step: panelColumns) { range, _ in
            unsafe pack(
                columnsOf: v + range.lowerBound, count: range.count, inner: inner, stride,
                into: panels + range.lowerBound * inner)
        }
    }
}
