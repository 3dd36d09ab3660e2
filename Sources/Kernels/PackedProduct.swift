internal import CKernels

/// x · Wᵀ with W packed once, where OpenBLAS would pack it again at each call.
///
/// W `[out, in]` lies in panels of 32 of its rows, `[⌈out / 32⌉, in, 32]`, the last one padded with zeros: a tile of the
/// product reads a panel from front to back and x where it lies (Goto & van de Geijn 2008, without the copies).
public enum PackedProduct {
    /// Whether this processor has vectors wide enough for it to be faster than OpenBLAS, or OpenBLAS is not installed.
    public static let isFastest = Arithmetic.instructionSets.first != "baseline" || !Arithmetic.hasOpenBLAS

    static let panelColumns = ck_panel_columns
    /// A multiple of every instruction set's tile height.
    static let tileRows = 12

    /// The floats that the panels of a matrix `[rows, inner]` take.
    static func size(rows: Int, inner: Int) -> Int {
        (rows + panelColumns - 1) / panelColumns * panelColumns * inner
    }

    /// The panels of W, as a matrix of `⌈out / 32⌉ · in` rows of 32.
    static func pack(_ weight: borrowing Matrix) -> Matrix {
        let (outer, inner) = (weight.rows, weight.columns)
        let packed = Matrix(rows: size(rows: outer, inner: inner) / panelColumns, columns: panelColumns)
        unsafe pack(weight.base, rows: outer, inner: inner, stride: inner, 1, into: packed.base)
        return packed
    }

    /// The panels of `scale` · W, where a row of W begins every `stride` elements.
    static func pack(
        _ weight: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, _ scale: Float,
        into panels: UnsafeMutablePointer<Float>
    ) {
        unsafe ck_pack_rows(panels, weight, rows, inner, stride, scale)
    }

    /// The panels of Vᵀ for V `[inner, count]`, which are V's own columns 32 at a time.
    static func pack(
        columnsOf v: UnsafePointer<Float>, count: Int, inner: Int, _ stride: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        unsafe ck_pack_columns(panels, v, count, inner, stride)
    }

    /// As `pack(_:rows:inner:stride:_:into:)`, each member with panels of its own.
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

    /// As `pack(columnsOf:count:inner:_:into:)`, each member with panels of its own.
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
