internal import CKernels

/// The right operand of attention's matrix multiplications for one head: some columns of a wider matrix, either packed
/// into panels once or read in place by OpenBLAS.
@safe struct AttentionFactor {
    private let base: UnsafePointer<Float>
    private let inner: Int
    private let outer: Int
    private let form: Form

    private enum Form {
        /// Packed into the panels of ``PackedProduct``.
        case panels
        /// Packed into the panels of ``BFloat16Product``.
        case bfloat16Panels
        /// Left in place for OpenBLAS.
        case stored(BLAS.Operand, scale: Float)
    }

    /// Creates the operand `scale` · Bᵀ for B `[rows, inner]`, whose rows begin every `stride` elements.
    ///
    /// If it is packed, results have ``AttentionShape/scoreStride(length:)`` columns, with zeros after the first
    /// `rows`. `scratch` provides `PackedProduct.size(rows: rows, inner: inner)` floats for the panels.
    init(
        transposed b: UnsafePointer<Float>, rows: Int, inner: Int, stride: Int, scale: Float = 1,
        _ backend: GemmBackend, _ scratch: inout Scratch
    ) {
        self.inner = inner
        if backend == .openBLAS {
            unsafe (outer, form) = (rows, .stored(.transposed(b, stride: stride), scale: scale))
            unsafe base = b
            return
        }
        outer = AttentionShape.scoreStride(length: rows)
        let panels = unsafe scratch.take(PackedProduct.size(rows: rows, inner: inner))
        unsafe base = UnsafePointer(panels)
        if backend == .packed {
            form = .panels
            unsafe PackedProduct.pack(b, rows: rows, inner: inner, stride: stride, scale, into: panels)
        } else {
            form = .bfloat16Panels
            unsafe BFloat16Product.pack(scale, rows: b, count: rows, inner: inner, stride: stride, into: panels)
        }
    }

    /// Creates the operand B `[inner, columns]`, whose rows begin every `stride` elements.
    ///
    /// If it is packed, `scratch` provides `PackedProduct.size(rows: columns, inner: inner)` floats for the panels.
    init(
        _ b: UnsafePointer<Float>, inner: Int, columns: Int, stride: Int, _ backend: GemmBackend,
        _ scratch: inout Scratch
    ) {
        (self.inner, outer) = (inner, columns)
        if backend == .openBLAS {
            unsafe form = .stored(.asStored(b, stride: stride), scale: 1)
            unsafe base = b
            return
        }
        let panels = unsafe scratch.take(PackedProduct.size(rows: columns, inner: inner))
        unsafe base = UnsafePointer(panels)
        if backend == .packed {
            form = .panels
            unsafe PackedProduct.pack(columnsOf: b, count: columns, inner: inner, stride, into: panels)
        } else {
            form = .bfloat16Panels
            unsafe BFloat16Product.pack(columns: b, count: columns, inner: inner, stride: stride, into: panels)
        }
    }

    /// Computes y = x · B for `rows` rows of x.
    func multiply(
        _ x: UnsafePointer<Float>, _ xStride: Int, rows: Int, into y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        switch form {
        case .stored(let right, let scale):
            unsafe BLAS.multiply(
                .asStored(x, stride: xStride), right, into: y, yStride, (rows, outer, inner), scale: scale)
        case .panels:
            unsafe Arithmetic.kernels.product(y, yStride, x, xStride, rows, base, inner, outer)
        case .bfloat16Panels:
            unsafe BFloat16Product.multiply(
                x, xStride, count: rows, BFloat16Panels(base, inner: inner, outer: outer), into: y, yStride)
        }
    }

    /// Computes y += xᵀ · B for `columns` columns of x. B must not be a transposed operand.
    func multiply(
        transposeOf x: UnsafePointer<Float>, _ xStride: Int, columns: Int,
        addingTo y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        switch form {
        case .stored(let right, _):
            unsafe BLAS.multiply(
                .transposed(x, stride: xStride), right, into: y, yStride, (columns, outer, inner), accumulating: true)
        case .panels:
            unsafe Arithmetic.kernels.product_of_transpose_add(y, yStride, x, xStride, columns, base, inner, outer)
        case .bfloat16Panels:
            unsafe BFloat16Product.multiply(
                transposeOf: x, xStride, columns: columns, BFloat16Panels(base, inner: inner, outer: outer),
                addingTo: y, yStride)
        }
    }
}
