internal import CKernels

/// The right operand B `[inner, outer]` of a matrix multiplication x · B, in one of several memory layouts.
///
/// It does not own its memory and must not outlive the matrix that it was made from.
@safe struct RightFactor {
    /// The memory layout of B.
    enum Form {
        /// Packed into the panels of ``PackedProduct``.
        case panels
        /// Packed into the panels of ``BFloat16Product``.
        case bfloat16Panels
        /// Row-major.
        case asStored
        /// Row-major, as Bᵀ `[outer, inner]`.
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

    /// Computes y = x · B, or y += x · B if `accumulating` is true, for `count` rows of x `[inner]` and y `[outer]`.
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
                x, inner, count: count, BFloat16Panels(base, inner: inner, outer: outer), into: y, outer,
                accumulating: accumulating)
        case .asStored:
            unsafe BLAS.multiply(
                .asStored(x, stride: inner), .asStored(base, stride: outer), into: y, outer, (count, outer, inner),
                accumulating: accumulating)
        case .transposed:
            unsafe BLAS.multiply(
                .asStored(x, stride: inner), .transposed(base, stride: inner), into: y, outer, (count, outer, inner),
                accumulating: accumulating)
        }
    }

    /// Returns the number of rows to multiply at a time, such that they divide evenly among the members of a team.
    ///
    /// They are so few that the next step finds them in the second-level cache. OpenBLAS gets more rows, because it
    /// packs B at every call, and the cost of that must stay small.
    func step(rows: Int, members: Int) -> Int {
        let isPacked = form == .panels || form == .bfloat16Panels
        let most = isPacked ? 192 : 384
        let blocks = max(1, (rows + most * members - 1) / (most * members)) * members
        let even = max(1, (rows + blocks - 1) / blocks)
        guard isPacked else { return even }
        return (even + PackedProduct.tileRows - 1) / PackedProduct.tileRows * PackedProduct.tileRows
    }
}
