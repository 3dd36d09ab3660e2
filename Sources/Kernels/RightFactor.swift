internal import CKernels

/// The right factor B `[inner, outer]` of products x · B, in one of the forms it may lie in; borrowed, so that it must not
/// outlive the matrix it was made of.
@safe struct RightFactor {
    /// How B lies in memory.
    enum Form {
        /// In ``PackedProduct``'s panels.
        case panels
        /// In ``BFloat16Product``'s panels.
        case bfloat16Panels
        /// Row-major.
        case asStored
        /// As Bᵀ `[outer, inner]`, row-major.
        case transposed
    }

    let form: Form
    let inner: Int
    let outer: Int
    private let base: UnsafePointer<Float>

    init(_ form: Form, inner: Int, outer: Int, _ base: UnsafePointer<Float>) {
        self.form = form
        self.inner = inner
        self.outer = outer
        unsafe self.base = unsafe base
    }

    /// y = x · B, or y += x · B, for `count` rows of x `[inner]` and y `[outer]`.
    func multiply(
        _ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>, accumulating: Bool = false
    ) {
        switch form {
        case .panels:
            let kernels = unsafe Arithmetic.kernels
            if accumulating {
                unsafe kernels.add_product(y, outer, x, inner, count, base, inner, outer)
            } else {
                unsafe kernels.product(y, outer, x, inner, count, base, inner, outer)
            }
        case .bfloat16Panels:
            unsafe BFloat16Product.multiply(
                x, inner, count: count, base, inner: inner, outer: outer, into: y, outer, accumulating: accumulating)
        case .asStored:
            unsafe BLAS.multiply(
                .asStored, m: count, n: outer, k: inner, x, inner, base, outer, into: y, outer,
                accumulating: accumulating)
        case .transposed:
            unsafe BLAS.multiply(
                .transposed, m: count, n: outer, k: inner, x, inner, base, inner, into: y, outer,
                accumulating: accumulating)
        }
    }

    /// The rows to multiply at a time, which divide evenly among the members of a team.
    ///
    /// Few enough that what follows finds them in the second-level cache; but OpenBLAS packs B for each product, which
    /// must stay small beside it.
    func step(rows: Int, members: Int) -> Int {
        let isPacked = form == .panels || form == .bfloat16Panels
        let most = isPacked ? 192 : 384
        let blocks = max(1, (rows + most * members - 1) / (most * members)) * members
        let even = max(1, (rows + blocks - 1) / blocks)
        guard isPacked else { return even }
        return (even + PackedProduct.tileRows - 1) / PackedProduct.tileRows * PackedProduct.tileRows
    }
}
