import Glibc
import Synchronization

/// Whether the process was asked to stop, by Ctrl-C or SIGTERM. Asked a second time it ends at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)
    private static let answer: StaticString = "\nstopping after this step; once more to stop at once\n"

    /// Begins to listen.
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

    /// The signal's number; `nil` while there was none.
    static var number: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
