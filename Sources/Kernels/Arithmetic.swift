internal import CKernels
import Synchronization

/// What the kernels run on.
public enum Arithmetic {
    /// The vector kernels this processor can run, fastest first: of "AVX-512", "AVX2" and "baseline".
    public static let instructionSets: [String] = unsafe tables.map { unsafe String(cString: $0.pointee.name) }

    /// The vector kernels in use.
    public static var instructionSet: String { instructionSets[selection.load(ordering: .relaxed)] }

    /// The BLAS library, its version and the kernels it chose.
    public static var blas: String { BLAS.description }

    /// Has the kernels use the named instruction set from now on.
    ///
    /// - Parameter instructionSet: One of ``instructionSets``.
    /// - Returns: Whether this processor has it.
    public static func select(_ instructionSet: String) -> Bool {
        guard let index = instructionSets.firstIndex(of: instructionSet) else { return false }
        selection.store(index, ordering: .relaxed)
        return true
    }

    static var kernels: ck_table { unsafe tables[selection.load(ordering: .relaxed)].pointee }

    private static let selection = Atomic<Int>(0)

    // The tables are constants in the program's image.
    private static nonisolated(unsafe) let tables: [UnsafePointer<ck_table>] = {
        var found = unsafe [UnsafePointer<ck_table>]()
        var next = unsafe ck_available()
        while let table = unsafe next?.pointee {
            unsafe found.append(table)
            unsafe next = next?.advanced(by: 1)
        }
        return unsafe found
    }()
}
