public import Labelling
import NIOPosix
import Synchronization

/// Carries out a ``BatchQueue``'s decisions on engines that each have a thread of their own, so that the threads that
/// speak HTTP never wait for a matrix product.
///
/// No batch waits for a timer: it starts when an engine is free, with what waits then.
public actor BatchScheduler {
    /// Work would wait longer than it may.
    public struct Overloaded: Error {
        /// When it would be taken in, as far as what waits now tells.
        public let retryAfter: Duration
    }

    /// Work was not done in its time.
    public struct DeadlinePassed: Error {}

    /// A request's windows, of which some may have run.
    private final class Job {
        let id: Int
        let windows: [Window]
        let tokens: Int
        var rows: [[[Double]]]
        var missing: Int
        var answer: CheckedContinuation<[[Double]], any Error>?
        var timer: Task<Void, Never>?

        init(id: Int, _ windows: [Window], answer: CheckedContinuation<[[Double]], any Error>) {
            self.id = id
            self.windows = windows
            self.answer = answer
            tokens = windows.tokens
            rows = [[[Double]]](repeating: [], count: windows.count)
            missing = windows.count
        }

        func end(_ result: Result<[[Double]], any Error>) {
            timer?.cancel()
            answer?.resume(with: result)
            answer = nil
        }
    }

    /// One window of a job.
    private struct Part {
        let job: Job
        let index: Int

        var window: Window { job.windows[index] }
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

    private let clock = ContinuousClock()
    private let limits: BatchLimits
    private let workers: Int
    private var queue: BatchQueue<Part>
    private var jobs: [Int: Job] = [:]
    private var lastJob = 0
    private var idle: [Worker]
    /// Of all workers together; zero until the first batch has run.
    private var timePerToken = Duration.zero
    private var learntTokens = 0
    private let threads: NIOThreadPool

    /// Starts one thread for each engine.
    ///
    /// - Parameters:
    ///   - labeller: The checkpoint.
    ///   - workers: How many batches may run at once.
    ///   - threadsPerWorker: How many threads share a batch.
    ///   - limits: How much runs together and how much may wait.
    public init(_ labeller: Labeller, workers: Int, threadsPerWorker: Int, limits: BatchLimits) {
        self.limits = limits
        self.workers = workers
        queue = BatchQueue(limits)
        idle = (0..<workers).map { _ in
            Worker(Engine(labeller, threads: threadsPerWorker, tokens: limits.batchTokens))
        }
        threads = NIOThreadPool(numberOfThreads: workers)
        threads.start()
    }

    /// Runs windows together with whatever else is waiting. Cancelled, what has not begun leaves the queue.
    ///
    /// - Parameters:
    ///   - windows: Any number.
    ///   - deadline: When nobody waits for them any longer.
    /// - Returns: A row of the head's output for every span of the windows.
    /// - Throws: ``Overloaded`` where too much is waiting, ``DeadlinePassed``, or `CancellationError`.
    public func run(_ windows: [Window], deadline: ContinuousClock.Instant? = nil) async throws -> [[Double]] {
        guard !windows.isEmpty else { return [] }
        lastJob += 1
        let id = lastJob
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                admit(Job(id: id, windows, answer: answer), deadline: deadline)
            }
        } onCancel: {
            Task { await self.end(id, throwing: CancellationError()) }
        }
    }

    /// Stops the threads once their batches are done; nothing may be run afterwards.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }

    private func admit(_ job: Job, deadline: ContinuousClock.Instant?) {
        let now = clock.now
        let mayWait = min(limits.wait, deadline.map { $0 - now } ?? limits.wait)
        guard mayWait > .zero else { return job.end(.failure(DeadlinePassed())) }
        let parts = job.windows.indices.map { (work: Part(job: job, index: $0), tokens: job.windows[$0].ids.count) }
        let admission = queue.enqueue(
            parts, at: now, wait: mayWait, timePerToken: timePerToken,
            others: jobs.values.count { $0.tokens > limits.batchTokens })
        if case .refused(let retryAfter) = admission {
            return job.end(.failure(Overloaded(retryAfter: retryAfter)))
        }
        jobs[job.id] = job
        if let deadline {
            let id = job.id
            job.timer = Task {
                guard (try? await clock.sleep(until: deadline)) != nil else { return }
                end(id, throwing: DeadlinePassed())
            }
        }
        dispatch()
    }

    /// Ends a job early; what of it runs already is not waited for.
    private func end(_ id: Int, throwing error: any Error) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        queue.removeAll { $0.job === job }
        job.end(.failure(error))
    }

    private func dispatch() {
        while let worker = idle.last {
            let batch = queue.next()
            guard !batch.isEmpty else { return }
            idle.removeLast()
            Task { await carryOut(batch, on: worker) }
        }
    }

    private func carryOut(_ batch: [Part], on worker: Worker) async {
        let windows = batch.map(\.window)
        let start = clock.now
        do {
            var rows = try await threads.runIfActive { worker.run(windows) }[...]
            learn(clock.now - start, tokens: windows.tokens)
            for part in batch {
                part.job.rows[part.index] = [part.window].takeRows(from: &rows)
                part.job.missing -= 1
                if part.job.missing == 0 {
                    jobs[part.job.id] = nil
                    part.job.end(.success(part.job.rows.flatMap(\.self)))
                }
            }
        } catch {
            for part in batch { end(part.job.id, throwing: error) }
        }
        idle.append(worker)
        dispatch()
    }

    /// A mean over the last few full batches' worth of tokens.
    private func learn(_ elapsed: Duration, tokens: Int) {
        let found = elapsed / Double(tokens * workers)
        learntTokens = min(learntTokens + tokens, max(tokens, 8 * limits.batchTokens))
        let weight = Double(tokens) / Double(learntTokens)
        timePerToken += (found - timePerToken) * weight
    }
}
