internal import CKernels

/// OpenBLAS's `sgemm` on row-major matrices. It runs on the calling thread.
///
/// The library is loaded when it is first needed. It is not loaded if ``PackedProduct`` does all matrix
/// multiplications.
enum BLAS {
    /// An operand of a multiplication, whose stored rows begin every `stride` elements.
    @safe struct Operand {
        fileprivate let base: UnsafePointer<Float>
        fileprivate let stride: Int
        fileprivate let form: Int32

        /// The matrix as it is stored.
        static func asStored(_ base: UnsafePointer<Float>, stride: Int) -> Operand {
            unsafe Operand(base: base, stride: stride, form: BLAS.asStored)
        }

        /// The transpose of the stored matrix.
        static func transposed(_ base: UnsafePointer<Float>, stride: Int) -> Operand {
            unsafe Operand(base: base, stride: stride, form: BLAS.transpose)
        }
    }

    /// Whether the library is installed.
    static var isAvailable: Bool { unsafe library != nil }

    /// Version of OpenBLAS and the kernels that it chose for this processor.
    static var description: String {
        guard let library = unsafe library else { return "OpenBLAS (not installed)" }
        return unsafe String(cString: library.pointee.configuration).split(separator: " ").joined(separator: " ")
    }

    /// Computes c `[m, n]` = scale · a · b for a `[m, k]` and b `[k, n]`, or adds to c if `accumulating` is true.
    ///
    /// - Parameters:
    ///   - a: The left operand.
    ///   - b: The right operand.
    ///   - c: The result, whose rows begin every `stride` elements.
    ///   - stride: Elements from one row of c to the next.
    ///   - size: m, n and k.
    ///   - scale: Factor of the product.
    ///   - accumulating: Whether c is added to instead of overwritten.
    static func multiply(
        _ a: Operand, _ b: Operand, into c: UnsafeMutablePointer<Float>, _ stride: Int,
        _ size: (m: Int, n: Int, k: Int), scale: Float = 1, accumulating: Bool = false
    ) {
        unsafe sgemm(
            rowMajor, a.form, b.form, Int32(size.m), Int32(size.n), Int32(size.k), scale, a.base, Int32(a.stride),
            b.base, Int32(b.stride), accumulating ? 1 : 0, c, Int32(stride))
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
