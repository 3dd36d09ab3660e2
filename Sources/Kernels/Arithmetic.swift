internal import CKernels

/// What the kernels run on.
public enum Arithmetic {
    /// The vector kernels this processor can run, fastest first: of "AVX-512", "AVX2" and "baseline".
    public static var instructionSets: [String] { unsafe tables.names }

    /// The vector kernels in use.
    public static var instructionSet: String { unsafe String(cString: kernels.name) }

    /// Whether OpenBLAS is installed; loads it.
    public static var hasOpenBLAS: Bool { BLAS.isAvailable }

    /// OpenBLAS's version and the kernels it chose; loads it.
    public static var openBLAS: String { BLAS.description }

    /// Has the kernels use the named instruction set from now on.
    ///
    /// - Parameter instructionSet: One of ``instructionSets``.
    /// - Returns: Whether this processor has it.
    public static func select(_ instructionSet: String) -> Bool {
        unsafe tables.select(instructionSet)
    }

    static var kernels: ck_table { unsafe kernelsPointer.pointee }

    static var kernelsPointer: UnsafePointer<ck_table> { unsafe tables.current }

    private static let tables = unsafe KernelTables(ck_available()) { unsafe $0.name }
}
