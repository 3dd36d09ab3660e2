internal import CKernels

/// OpenBLAS's `sgemm` on row-major matrices, called from one thread at a time for one result.
///
/// The library is loaded when it is first needed, which it is not where ``PackedProduct`` does all products.
enum BLAS {
    /// Whether the right factor is stored as its transpose.
    enum Right {
        case asStored, transposed
    }

    /// Whether the library is installed.
    static var isAvailable: Bool { unsafe library != nil }

    /// OpenBLAS's version and the kernels it chose for this processor.
    static var description: String {
        guard let library = unsafe library else { return "OpenBLAS, not installed" }
        return unsafe String(cString: library.pointee.configuration).split(separator: " ").joined(separator: " ")
    }

    /// c[m, n] = or += scale · a[m, k] · b[k, n], or b[n, k] where `right` says so; `ld…` are row strides in elements.
    static func multiply(
        _ right: Right, m: Int, n: Int, k: Int, scale: Float = 1,
        _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        into c: UnsafeMutablePointer<Float>, _ ldc: Int, accumulating: Bool = false
    ) {
        unsafe sgemm(
            rowMajor, asStored, right == .transposed ? transpose : asStored, Int32(m), Int32(n), Int32(k), scale,
            a, Int32(lda), b, Int32(ldb), accumulating ? 1 : 0, c, Int32(ldc))
    }

    /// c[m, n] += aᵀ · b of a[k, m] and b[k, n]; `ld…` are row strides in elements.
    static func addProductOfTranspose(
        m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        to c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        unsafe sgemm(
            rowMajor, transpose, asStored, Int32(m), Int32(n), Int32(k), 1, a, Int32(lda), b, Int32(ldb), 1,
            c, Int32(ldc))
    }

    // CBLAS's enumerations.
    private static let rowMajor: Int32 = 101
    private static let asStored: Int32 = 111
    private static let transpose: Int32 = 112

    private static var sgemm:
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32, UnsafePointer<Float>?, Int32,
            Float, UnsafeMutablePointer<Float>?, Int32
        ) -> Void
    {
        guard let function = unsafe library?.pointee.sgemm else {
            preconditionFailure("OpenBLAS is not installed, and whoever chose it did not ask")
        }
        return unsafe function
    }

    private static nonisolated(unsafe) let library = unsafe ck_load_openblas()
}
