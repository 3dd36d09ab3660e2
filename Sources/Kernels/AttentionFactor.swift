internal import CKernels

/// The right factor of attention's matrix multiplications for one head: some columns of a wider matrix, packed into panels
/// once or left where they lie for OpenBLAS.
@safe struct AttentionFactor {
    private let base: UnsafePointer<Float>
    private let inner: Int
    private let outer: Int
    private let form: Form

    private enum Form {
        /// In ``PackedProduct``'s panels.
        case panels
        /// In ``BFloat16Product``'s panels.
        case bfloat16Panels
        /// As OpenBLAS finds it.
        case stored(BLAS.Right, stride: Int, scale: Float)
    }

    /// `scale` · Bᵀ for B `[rows, inner]`, a row of which begins every `stride` elements. If packed, its products have
    /// ``AttentionShape/scoreStride(length:)`` columns, zeros after the first `rows`; panels come from `scratch`,
    /// `PackedProduct.size(rows: rows, inner: inner)` floats.
    init(
        transposed b: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, scale: Float = 1,
        _ products: AttentionProducts, _ scratch: inout Scratch
    ) {
        self.inner = inner
        if products == .openBLAS {
            (outer, form) = (rows, .stored(.transposed, stride: stride, scale: scale))
            unsafe base = b
            return
        }
        outer = AttentionShape.scoreStride(length: rows)
        let panels = unsafe scratch.take(PackedProduct.size(rows: rows, inner: inner))
        unsafe base = UnsafePointer(panels)
        if products == .packed {
            form = .panels
            unsafe PackedProduct.pack(b, rows: rows, inner: inner, stride: stride, scale, into: panels)
        } else {
            form = .bfloat16Panels
            unsafe BFloat16Product.pack(scale, rows: b, count: rows, inner: inner, stride: stride, into: panels)
        }
    }

    /// B `[inner, columns]`, a row of which begins every `stride` elements. If packed, its panels come from `scratch`,
    /// `PackedProduct.size(rows: columns, inner: inner)` floats.
    init(
        _ b: UnsafePointer<Float>, inner: Int, columns: Int, stride: Int, _ products: AttentionProducts,
        _ scratch: inout Scratch
    ) {
        (self.inner, outer) = (inner, columns)
        if products == .openBLAS {
            form = .stored(.asStored, stride: stride, scale: 1)
            unsafe base = b
            return
        }
        let panels = unsafe scratch.take(PackedProduct.size(rows: columns, inner: inner))
        unsafe base = UnsafePointer(panels)
        if products == .packed {
            form = .panels
            unsafe PackedProduct.pack(columnsOf: b, count: columns, inner: inner, stride, into: panels)
        } else {
            form = .bfloat16Panels
            unsafe BFloat16Product.pack(columns: b, count: columns, inner: inner, stride: stride, into: panels)
        }
    }

    /// y = x · B for `rows` rows of x.
    func multiply(
        _ x: UnsafePointer<Float>, _ xStride: Int, rows: Int, into y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        switch form {
        case .stored(let right, let stride, let scale):
            unsafe BLAS.multiply(
                right, m: rows, n: outer, k: inner, scale: scale, x, xStride, base, stride, into: y, yStride)
        case .panels:
            unsafe Arithmetic.kernels.product(y, yStride, x, xStride, rows, base, inner, outer)
        case .bfloat16Panels:
            unsafe BFloat16Product.multiply(
                x, xStride, count: rows, base, inner: inner, outer: outer, into: y, yStride)
        }
    }

    /// y += xᵀ · B for `columns` columns of x; of a B that is not a transpose.
    func multiply(
        transposeOf x: UnsafePointer<Float>, _ xStride: Int, columns: Int,
        addingTo y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        switch form {
        case .stored(_, let stride, _):
            unsafe BLAS.addProductOfTranspose(
                m: columns, n: outer, k: inner, x, xStride, base, stride, to: y, yStride)
        case .panels:
            unsafe Arithmetic.kernels.product_of_transpose_add(y, yStride, x, xStride, columns, base, inner, outer)
        case .bfloat16Panels:
            unsafe BFloat16Product.multiply(
                transposeOf: x, xStride, columns: columns, base, inner: inner, outer: outer, addingTo: y, yStride)
        }
    }
}
