import Synchronization

/// The tables of one kind of kernels that this processor can run, and which of them is in use.
@safe final class KernelTables<Table>: @unchecked Sendable {
    /// The instruction sets, fastest first.
    let names: [String]
    // Constants in the program's image.
    private let tables: [UnsafePointer<Table>]
    private let selection = Atomic<Int>(0)

    /// - Parameters:
    ///   - list: The tables, ending in null.
    ///   - isIncluded: Which of them are of this kind.
    ///   - name: A table's instruction set.
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

    /// The one in use: the fastest, unless another was selected.
    var current: UnsafePointer<Table> { unsafe tables[selection.load(ordering: .relaxed)] }

    /// Has the named one be used from now on; whether there is such a one.
    func select(_ name: String) -> Bool {
        guard let index = names.firstIndex(of: name) else { return false }
        selection.store(index, ordering: .relaxed)
        return true
    }
}
