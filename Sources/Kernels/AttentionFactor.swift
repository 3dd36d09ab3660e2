internal import CKernels

/// The right factor of attention's products for one head: some columns of a wider matrix, packed into panels once or left
/// where they lie for OpenBLAS.
@safe struct AttentionFactor {
    private let base: UnsafePointer<Float>
    private let inner: Int
    private let outer: Int
    /// How OpenBLAS finds it; nil if packed.
    private let stored: (form: BLAS.Right, stride: Int, scale: Float)?

    /// `scale` · Bᵀ for B `[rows, inner]`, a row of which begins every `stride` elements. If packed, its products have
    /// ``AttentionShape/scoreStride(length:)`` columns, zeros after the first `rows`. `panels` has room for
    /// `PackedProduct.size(rows: rows, inner: inner)` floats, or is nil to leave B where it lies.
    init(
        transposed b: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, scale: Float = 1,
        panels: UnsafeMutablePointer<Float>?
    ) {
        self.inner = inner
        if let panels = unsafe panels {
            outer = AttentionShape.scoreStride(length: rows)
            unsafe PackedProduct.pack(b, rows: rows, inner: inner, stride: stride, scale, into: panels)
            unsafe (base, stored) = (UnsafePointer(panels), nil)
        } else {
            outer = rows
            unsafe (base, stored) = (b, (.transposed, stride, scale))
        }
    }

    /// B `[inner, columns]`, a row of which begins every `stride` elements. `panels` has room for
    /// `PackedProduct.size(rows: columns, inner: inner)` floats, or is nil to leave B where it lies.
    init(
        _ b: UnsafePointer<Float>, inner: Int, columns: Int, stride: Int, panels: UnsafeMutablePointer<Float>?
    ) {
        (self.inner, outer) = (inner, columns)
        if let panels = unsafe panels {
            unsafe PackedProduct.pack(columnsOf: b, count: columns, inner: inner, stride, into: panels)
            unsafe (base, stored) = (UnsafePointer(panels), nil)
        } else {
            unsafe (base, stored) = (b, (.asStored, stride, 1))
        }
    }

    /// y = x · B for `rows` rows of x.
    func multiply(
        _ x: UnsafePointer<Float>, _ xStride: Int, rows: Int, into y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        if let stored {
            unsafe BLAS.multiply(
                stored.form, m: rows, n: outer, k: inner, scale: stored.scale, x, xStride, base, stored.stride,
                into: y, yStride)
        } else {
            unsafe Arithmetic.kernels.product(y, yStride, x, xStride, rows, base, inner, outer)
        }
    }

    /// y += xᵀ · B for `columns` columns of x; of a B that is not a transpose.
    func multiply(
        transposeOf x: UnsafePointer<Float>, _ xStride: Int, columns: Int,
        addingTo y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        if let stored {
            unsafe BLAS.addProductOfTranspose(
                m: columns, n: outer, k: inner, x, xStride, base, stored.stride, to: y, yStride)
        } else {
            unsafe Arithmetic.kernels.product_of_transpose_add(y, yStride, x, xStride, columns, base, inner, outer)
        }
    }
}
