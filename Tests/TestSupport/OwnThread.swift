import Glibc

/// Runs blocking work on a thread of its own. On the small thread pool of tasks, it could block the work it waits for.
public func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let job = unsafe Unmanaged.passRetained(Job { continuation.resume(with: Result(catching: work)) })
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, job.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            unsafe job.release()
            continuation.resume(throwing: SocketError(call: "pthread_create", code: status))
        }
    }
}

private final class Job: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }
}
