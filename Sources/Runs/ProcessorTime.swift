import Glibc

/// Time that processors spent, which what else a machine does hardly changes.
package enum ProcessorTime {
    /// Of the calling thread, in seconds.
    package static var ofThread: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    /// Of all threads of this process, in seconds.
    package static var ofProcess: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0 else { return .nan }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
