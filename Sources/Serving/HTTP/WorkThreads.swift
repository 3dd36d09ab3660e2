internal import NIOPosix

/// Threads for the work of requests, such as reading megabytes of JSON. Health probes are answered on other threads, so
/// they never wait for it.
final class WorkThreads: TaskExecutor {
    private static let shared = WorkThreads()

    private let threads = NIOThreadPool.singleton

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { _ in unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs `work` on these threads.
    static func run<Value, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withTaskExecutorPreference(shared, operation: work)
    }
}
