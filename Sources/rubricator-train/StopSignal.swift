import Glibc
import Synchronization

/// Whether a signal (Ctrl-C or SIGTERM) asked the process to stop. A second signal ends it immediately.
enum StopSignal {
    private static let received = Atomic<Int32>(0)
    private static let answer: StaticString = "\nstopping after this step; press Ctrl-C again to stop immediately\n"

    /// Installs the signal handlers.
    static func install() {
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { number in
                StopSignal.received.store(number, ordering: .relaxed)
                // One of the few calls that a signal handler may make.
                _ = unsafe write(STDERR_FILENO, StopSignal.answer.utf8Start, StopSignal.answer.utf8CodeUnitCount)
                _ = signal(number, SIG_DFL)
            }
        }
    }

    /// The number of the signal that arrived; `nil` before that.
    static var number: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
