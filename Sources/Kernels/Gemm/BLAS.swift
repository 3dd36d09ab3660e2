internal import CKernels

/// OpenBLAS's `sgemm` on row-major matrices. It runs on the calling thread.
///
/// The library is loaded when it is first needed. It is not loaded if ``PackedProduct`` does all matrix
/// multiplications.
enum BLAS {
    /// The form in which the right operand is stored.
    enum Right {
        case asStored, transposed
    }

    /// Whether the library is installed.
    static var isAvailable: Bool { unsafe library != nil }

    /// Version of OpenBLAS and the kernels that it chose for this processor.
    static var description: String {
        guard let library = unsafe library else { return "OpenBLAS (not installed)" }
        return unsafe String(cString: library.pointee.configuration).split(separator: " ").joined(separator: " ")
    }

    /// Computes c[m, n] = scale · a[m, k] · b[k, n], or adds to c if `accumulating` is true. If `right` is
    /// `.transposed`, b is stored as `[n, k]`. `lda`, `ldb` and `ldc` are the row strides in elements.
    static func multiply(
        _ right: Right, m: Int, n: Int, k: Int, scale: Float = 1,
        _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        into c: UnsafeMutablePointer<Float>, _ ldc: Int, accumulating: Bool = false
    ) {
        unsafe sgemm(
            rowMajor, asStored, right == .transposed ? transpose : asStored, Int32(m), Int32(n), Int32(k), scale,
            a, Int32(lda), b, Int32(ldb), accumulating ? 1 : 0, c, Int32(ldc))
    }

    /// Computes c[m, n] += aᵀ · b for a `[k, m]` and b `[k, n]`. `lda`, `ldb` and `ldc` are the row strides in
    /// elements.
    static func addProductOfTranspose(
        m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        to c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        unsafe sgemm(
            rowMajor, transpose, asStored, Int32(m), Int32(n), Int32(k), 1, a, Int32(lda), b, Int32(ldb), 1,
            c, Int32(ldc))
    }

    // Values of CBLAS's enumerations.
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
            preconditionFailure("OpenBLAS is not installed; check Arithmetic.hasOpenBLAS before choosing it")
        }
        return unsafe function
    }

    private static nonisolated(unsafe) let library = unsafe ck_load_openblas()
}
