import Glibc

/// Processor time, which hardly depends on other work of the machine.
package enum ProcessorTime {
    /// The processor time of the calling thread, in seconds.
    package static var ofThread: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    /// The processor time of all threads in this process, in seconds.
    package static var ofProcess: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0 else { return .nan }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
