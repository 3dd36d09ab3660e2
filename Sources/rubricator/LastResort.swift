import Dispatch
import Glibc
import Synchronization

/// Ends the process if it is still running some time after it was told to stop.
///
/// A read from a FIFO, a network file system or a full disk can block every thread of Swift's concurrency, and with
/// them the graceful shutdown. The signal is therefore noticed on a queue of its own, and the operating system's alarm
/// ends the process.
final class LastResort: Sendable {
    /// The exit code of a process that had to be ended.
    static let status: Int32 = 70

    /// The seconds from the first signal to the end.
    let patience = Atomic(10)
    private let isArmed = Atomic(false)
    // Dispatch's sources may be used on any thread, but are not marked so.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// Watches for SIGTERM and SIGINT, beside others who do.
    init() {
        unsafe signal(SIGALRM) { _ in _exit(LastResort.status) }
        let queue = DispatchQueue(label: "last resort")
        unsafe sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        for source in unsafe sources {
            source.setEventHandler { [weak self] in
                // Another signal must not postpone the end.
                guard let self, !isArmed.exchange(true, ordering: .relaxed) else { return }
                alarm(UInt32(patience.load(ordering: .relaxed)))
            }
            source.activate()
        }
    }
}
