internal import COpenBLAS

/// OpenBLAS's `sgemm` on row-major matrices, called from one thread at a time for one result.
enum BLAS {
    /// Whether the right factor is stored as its transpose.
    enum Right {
        case asStored, transposed
    }

    /// c[m, n] = or += scale · a[m, k] · b[k, n], or b[n, k] where `right` says so; `ld…` are row strides in elements.
    static func multiply(
        _ right: Right, m: Int, n: Int, k: Int, scale: Float = 1,
        _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        into c: UnsafeMutablePointer<Float>, _ ldc: Int, accumulating: Bool = false
    ) {
        singleThreaded
        unsafe cblas_sgemm(
            CblasRowMajor, CblasNoTrans, right == .transposed ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), scale, a, blasint(lda), b, blasint(ldb), accumulating ? 1 : 0,
            c, blasint(ldc))
    }

    /// c[m, n] += aᵀ · b of a[k, m] and b[k, n]; `ld…` are row strides in elements.
    static func addProductOfTranspose(
        m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        to c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        singleThreaded
        unsafe cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(lda),
            b, blasint(ldb), 1, c, blasint(ldc))
    }

    /// Has every `sgemm` run on the thread that calls it: a ``ThreadTeam`` divides the work.
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// OpenBLAS's version and the kernels it chose for this processor.
    static var description: String {
        guard let config = unsafe openblas_get_config() else { return "OpenBLAS" }
        return unsafe String(cString: config).split(separator: " ").joined(separator: " ")
    }
}
