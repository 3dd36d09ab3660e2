internal import CKernels

/// The instruction set and the libraries that the kernels use.
public enum Arithmetic {
    /// Instruction sets of the vector kernels that this processor can run, fastest first: a subset of "AVX-512", "AVX2"
    /// and "baseline".
    public static var instructionSets: [String] { unsafe tables.names }

    /// Instruction set of the vector kernels in use.
    public static var instructionSet: String { unsafe String(cString: kernels.name) }

    /// Whether OpenBLAS is installed. Reading this loads the library.
    public static var hasOpenBLAS: Bool { BLAS.isAvailable }

    /// Version of OpenBLAS and the kernels that it chose. Reading this loads the library.
    public static var openBLAS: String { BLAS.description }

    /// Selects the instruction set that the kernels use from now on.
    ///
    /// - Parameter instructionSet: One of ``instructionSets``.
    /// - Returns: Whether this processor has the instruction set; if not, nothing changes.
    public static func select(_ instructionSet: String) -> Bool {
        unsafe tables.select(instructionSet)
    }

    static var kernels: ck_table { unsafe kernelsPointer.pointee }

    static var kernelsPointer: UnsafePointer<ck_table> { unsafe tables.current }

    private static let tables = unsafe KernelTables(ck_available()) { unsafe $0.name }
}
