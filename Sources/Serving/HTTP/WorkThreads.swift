internal import NIOPosix

/// Threads for requests' own work, such as reading megabytes of JSON: what answers probes has others, and never waits for it.
final class WorkThreads: TaskExecutor {
    private static let shared = WorkThreads()

    private let threads = NIOThreadPool.singleton

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { _ in unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Does the work on these threads.
    static func run<Value, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withTaskExecutorPreference(shared, operation: work)
    }
}
