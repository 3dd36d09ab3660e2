internal import CKernels

/// x · Wᵀ with W packed once, where OpenBLAS would pack it again at each call.
///
/// W `[out, in]` lies in panels of 32 of its rows, `[⌈out / 32⌉, in, 32]`, the last one padded with zeros: a tile of the
/// product reads a panel from front to back and x where it lies (Goto & van de Geijn 2008, without the copies).
public enum PackedProduct {
    /// Whether this processor has vectors wide enough for it to be faster than OpenBLAS.
    public static let isFastest = Arithmetic.instructionSets.first != "baseline"

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
        for first in Swift.stride(from: 0, to: rows, by: panelColumns) {
            let panel = unsafe panels + first * inner
            let count = min(panelColumns, rows - first)
            for k in 0..<inner {
                let row = unsafe panel + k * panelColumns
                for c in 0..<count { unsafe row[c] = weight[(first + c) * stride + k] * scale }
                for c in count..<panelColumns { unsafe row[c] = 0 }
            }
        }
    }

    /// The panels of Vᵀ for V `[inner, count]`, which are V's own columns 32 at a time.
    static func pack(
        columnsOf v: UnsafePointer<Float>, count: Int, inner: Int, _ stride: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        for first in Swift.stride(from: 0, to: count, by: panelColumns) {
            let panel = unsafe panels + first * inner
            let present = min(panelColumns, count - first)
            for k in 0..<inner {
                let (row, source) = unsafe (panel + k * panelColumns, v + k * stride + first)
                for c in 0..<present { unsafe row[c] = source[c] }
                for c in present..<panelColumns { unsafe row[c] = 0 }
            }
        }
    }
}
