public import Labelling
import NIOPosix
import Synchronization

/// Carries out a ``BatchQueue``'s decisions on engines that each have a thread of their own, so that the threads that
/// speak HTTP never wait for a matrix product.
public actor BatchScheduler {
    /// Too much is waiting already.
    public struct Overloaded: Error {}

    private struct Work: Sendable {
        let windows: [Window]
        let answer: CheckedContinuation<[[Double]], any Error>
        /// Rows of the head's output that the windows will give.
        var rows: Int { windows.spans }
    }

    /// An engine that one batch at a time may use.
    private final class Worker: Sendable {
        private let engine: Mutex<Engine>

        init(_ engine: sending Engine) {
            self.engine = Mutex(engine)
        }

        func run(_ windows: [Window]) -> LogitRows {
            engine.withLock { $0.run(windows) }
        }
    }

    private var queue: BatchQueue<Work>
    private var idle: [Worker]
    private let threads: NIOThreadPool

    /// Starts one thread for each engine.
    ///
    /// - Parameters:
    ///   - labeller: The checkpoint.
    ///   - workers: How many batches may run at once.
    ///   - threadsPerWorker: How many threads share a batch.
    ///   - limits: How much runs together and how much may wait.
    public init(_ labeller: Labeller, workers: Int, threadsPerWorker: Int, limits: BatchLimits) {
        queue = BatchQueue(limits)
        idle = (0..<workers).map { _ in
            Worker(Engine(labeller, threads: threadsPerWorker, tokens: limits.batchTokens))
        }
        threads = NIOThreadPool(numberOfThreads: workers)
        threads.start()
    }

    /// Runs windows together with whatever else is waiting.
    ///
    /// - Parameter windows: Any number.
    /// - Returns: A row of the head's output for every span of the windows.
    /// - Throws: ``Overloaded`` where too much is waiting.
    public func run(_ windows: [Window]) async throws -> [[Double]] {
        try await withCheckedThrowingContinuation { answer in
            if queue.enqueue(Work(windows: windows, answer: answer), tokens: windows.tokens) {
                dispatch()
            } else {
                answer.resume(throwing: Overloaded())
            }
        }
    }

    /// Stops the threads once their batches are done; nothing may be run afterwards.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }

    private func dispatch() {
        while let worker = idle.last {
            let batch = queue.next()
            guard !batch.isEmpty else { return }
            idle.removeLast()
            Task { await carryOut(batch, on: worker) }
        }
    }

    private func carryOut(_ batch: [Work], on worker: Worker) async {
        let windows = batch.flatMap(\.windows)
        do {
            let rows = try await threads.runIfActive { worker.run(windows) }
            var next = 0
            for work in batch {
                work.answer.resume(returning: Array(rows[next..<next + work.rows]))
                next += work.rows
            }
        } catch {
            for work in batch { work.answer.resume(throwing: error) }
        }
        idle.append(worker)
        dispatch()
    }
}
