import Synchronization

/// The kernel tables of one kind that this processor can run, and the one in use.
@safe final class KernelTables<Table>: @unchecked Sendable {
    /// Names of the instruction sets, fastest first.
    let names: [String]
    // The tables are constants in the program's image, so the pointers stay valid.
    private let tables: [UnsafePointer<Table>]
    private let selection = Atomic<Int>(0)

    /// Collects the tables of one kind.
    ///
    /// - Parameters:
    ///   - list: The available tables, terminated by null.
    ///   - isIncluded: Returns whether a table is of this kind.
    ///   - name: Returns the instruction set of a table.
    init(
        _ list: UnsafePointer<UnsafePointer<Table>?>?, where isIncluded: (Table) -> Bool = { _ in true },
        name: (Table) -> UnsafePointer<CChar>
    ) {
        var found = unsafe [UnsafePointer<Table>]()
        var next = unsafe list
        while let table = unsafe next?.pointee {
            if unsafe isIncluded(table.pointee) { unsafe found.append(table) }
            unsafe next = next?.advanced(by: 1)
        }
        unsafe tables = found
        names = unsafe found.map { unsafe String(cString: name($0.pointee)) }
    }

    /// The table in use: the fastest one unless another was selected.
    var current: UnsafePointer<Table> { unsafe tables[selection.load(ordering: .relaxed)] }

    /// Selects the named table from now on. Returns whether it exists; if not, nothing changes.
    func select(_ name: String) -> Bool {
        guard let index = names.firstIndex(of: name) else { return false }
        selection.store(index, ordering: .relaxed)
        return true
    }
}
