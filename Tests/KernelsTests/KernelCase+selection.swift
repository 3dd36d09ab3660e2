import Glibc

extension KernelCase {
    /// The rows that run: those whose name contains `RUBRICATOR_KERNEL`, or all rows without this variable.
    static let selected = matching(all)

    /// The rows with a gradient that run.
    static let selectedTraining = matching(training)

    private static func matching(_ rows: [KernelCase]) -> [KernelCase] {
        guard let part = unsafe getenv("RUBRICATOR_KERNEL").map({ unsafe String(cString: $0) }), !part.isEmpty else {
            return rows
        }
        precondition(all.contains { $0.name.contains(part) }, "no kernel's name contains RUBRICATOR_KERNEL=\(part)")
        return rows.filter { $0.name.contains(part) }
    }
}
