internal import Kernels
public import Labelling
import NIOPosix
import Synchronization

/// Carries out a ``BatchQueue``'s decisions on workers that each have threads of their own, so that the threads that
/// speak HTTP never wait for a matrix product.
///
/// No batch waits for a timer: it starts when a worker is free, with what waits then. A worker runs any model.
public actor BatchScheduler {
    /// Work would wait longer than it may.
    public struct Overloaded: Error {
        /// When it would be taken in, as far as what waits now tells.
        public let retryAfter: Duration
    }

    /// Work was not done in its time.
    public struct DeadlinePassed: Error {}

    /// Whoever wanted the work has gone.
    public struct CallerGone: Error {}

    /// A request's windows, of which some may have run.
    private final class Job {
        let id: Int
        let windows: [Window]
        let labeller: Labeller
        let caller: Caller
        let tokens: Int
        let start: ContinuousClock.Instant
        var hasBegun = false
        var rows: [[[Double]]]
        var missing: Int
        var answer: CheckedContinuation<[[Double]], any Error>?
        var timer: Task<Void, Never>?

        init(
            id: Int, _ windows: [Window], _ labeller: Labeller, _ caller: Caller, at start: ContinuousClock.Instant,
            answer: CheckedContinuation<[[Double]], any Error>
        ) {
            self.id = id
            self.windows = windows
            self.labeller = labeller
            self.caller = caller
            self.start = start
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

    /// Threads that run one batch at a time, of any model.
    private final class Worker: Sendable {
        private struct Engines {
            let team: ThreadTeam
            var ofLabeller: [ObjectIdentifier: Engine] = [:]
        }

        private let engines: Mutex<Engines>
        private let tokens: Int

        init(threads: Int, tokens: Int) {
            engines = Mutex(Engines(team: ThreadTeam(count: threads)))
            self.tokens = tokens
        }

        func run(_ windows: [Window], on labeller: Labeller) -> LogitRows {
            engines.withLock { engines in
                let id = ObjectIdentifier(labeller)
                let engine = engines.ofLabeller[id] ?? Engine(labeller, team: engines.team, tokens: tokens)
                engines.ofLabeller[id] = engine
                return engine.run(windows)
            }
        }

        func forget(_ labeller: Labeller) {
            engines.withLock { $0.ofLabeller[ObjectIdentifier(labeller)] = nil }
        }
    }

    /// What a model takes on the whole machine, learnt from the last few full batches' worth of tokens.
    private struct Rate {
        /// Zero until the first batch has run.
        var timePerToken = Duration.zero
        private var learntTokens = 0

        mutating func learn(_ found: Duration, tokens: Int, atMost: Int) {
            learntTokens = min(learntTokens + tokens, max(tokens, atMost))
            timePerToken += (found - timePerToken) * (Double(tokens) / Double(learntTokens))
        }
    }

    private let clock = ContinuousClock()
    private let limits: BatchLimits
    private let metrics: ServiceMetrics
    private let workers: [Worker]
    private let threads: NIOThreadPool
    private var idle: [Worker]
    private var queue: BatchQueue<ObjectIdentifier, Part>
    private var jobs: [Int: Job] = [:]
    private var lastJob = 0
    private var rates: [ObjectIdentifier: Rate] = [:]

    /// Starts the workers' threads.
    ///
    /// - Parameters:
    ///   - workers: How many batches may run at once.
    ///   - threadsPerWorker: How many threads share a batch.
    ///   - limits: How much runs together and how much may wait.
    ///   - metrics: Are told of every batch.
    public init(workers: Int, threadsPerWorker: Int, limits: BatchLimits, metrics: ServiceMetrics = ServiceMetrics()) {
        self.limits = limits
        self.metrics = metrics
        self.workers = (0..<workers).map { _ in Worker(threads: threadsPerWorker, tokens: limits.batchTokens) }
        queue = BatchQueue(limits)
        idle = self.workers
        threads = NIOThreadPool(numberOfThreads: workers)
        threads.start()
    }

    /// Runs windows together with whatever else is waiting. Cancelled, what has not begun leaves the queue.
    ///
    /// - Parameters:
    ///   - windows: Any number.
    ///   - labeller: Whose network runs them.
    ///   - caller: Who waits.
    /// - Returns: A row of the head's output for every span of the windows.
    /// - Throws: ``Overloaded`` where too much is waiting, ``DeadlinePassed``, ``CallerGone``, or `CancellationError`.
    public func run(_ windows: [Window], on labeller: Labeller, for caller: Caller) async throws -> [[Double]] {
        guard !windows.isEmpty else { return [] }
        lastJob += 1
        let id = lastJob
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                admit(Job(id: id, windows, labeller, caller, at: clock.now, answer: answer))
            }
        } onCancel: {
            Task { await self.end(id, throwing: CancellationError()) }
        }
    }

    /// Frees what a model needs to run; nothing of it waits or is run afterwards.
    public func retire(_ labeller: Labeller) {
        let workers = workers
        rates[ObjectIdentifier(labeller)] = nil
        // On their own threads: a worker may be in the middle of a batch.
        threads.submit { _ in
            for worker in workers { worker.forget(labeller) }
        }
    }

    /// Stops the threads once their batches are done; nothing may be run afterwards.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }

    private func admit(_ job: Job) {
        let mayWait = min(limits.wait, job.caller.deadline.instant - job.start)
        guard !Task.isCancelled else { return job.end(.failure(CancellationError())) }
        guard mayWait > .zero else { return job.end(.failure(DeadlinePassed())) }
        var admission = enqueue(job, wait: mayWait)
        if case .refused = admission, removeAbandoned() { admission = enqueue(job, wait: mayWait) }
        if case .refused(let retryAfter) = admission {
            return job.end(.failure(Overloaded(retryAfter: retryAfter)))
        }
        jobs[job.id] = job
        let (id, deadline) = (job.id, job.caller.deadline.instant)
        job.timer = Task {
            guard (try? await clock.sleep(until: deadline)) != nil else { return }
            end(id, throwing: DeadlinePassed())
        }
        dispatch()
    }

    private func enqueue(_ job: Job, wait: Duration) -> BatchQueue<ObjectIdentifier, Part>.Admission {
        let parts = job.windows.indices.map { (work: Part(job: job, index: $0), tokens: job.windows[$0].ids.count) }
        // What each client has in progress; a job that is not of a stream is a client's only one.
        var ofStream: [ObjectIdentifier: Int] = [:]
        var large = 0
        for other in jobs.values {
            if let stream = other.caller.stream {
                ofStream[ObjectIdentifier(stream), default: 0] += other.tokens
            } else if other.tokens > limits.batchTokens {
                large += 1
            }
        }
        let before = job.caller.stream.flatMap { ofStream.removeValue(forKey: ObjectIdentifier($0)) } ?? 0
        let model = ObjectIdentifier(job.labeller)
        return queue.enqueue(
            parts, for: model, at: job.start, wait: wait, timePerToken: rates[model]?.timePerToken ?? .zero,
            after: before, others: large + ofStream.values.count { $0 > limits.batchTokens })
    }

    /// Ends the jobs of those who have gone; whether there were any.
    private func removeAbandoned() -> Bool {
        let abandoned = jobs.values.filter { !$0.caller.isThere() }
        for job in abandoned { end(job.id, throwing: CallerGone()) }
        return !abandoned.isEmpty
    }

    /// Ends a job early; what of it runs already is not waited for.
    private func end(_ id: Int, throwing error: any Error) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        queue.removeAll { $0.job === job }
        metrics.waits(windows: queue.count, tokens: queue.waitingTokens)
        job.end(.failure(error))
    }

    private func dispatch() {
        defer { metrics.waits(windows: queue.count, tokens: queue.waitingTokens) }
        while let worker = idle.last, let batch = queue.next()?.work {
            let wanted = batch.filter { $0.job.caller.isThere() }
            for part in batch where !part.job.caller.isThere() { end(part.job.id, throwing: CallerGone()) }
            guard let labeller = wanted.first?.job.labeller else { continue }
            idle.removeLast()
            Task { await carryOut(wanted, of: labeller, on: worker) }
        }
    }

    private func carryOut(_ batch: [Part], of labeller: Labeller, on worker: Worker) async {
        let windows = batch.map(\.window)
        let start = clock.now
        for part in batch where !part.job.hasBegun {
            part.job.hasBegun = true
            metrics.took(start - part.job.start, in: .queue)
        }
        do {
            var rows = try await threads.runIfActive { worker.run(windows, on: labeller) }[...]
            let elapsed = clock.now - start
            rates[ObjectIdentifier(labeller), default: Rate()].learn(
                elapsed / Double(windows.tokens * workers.count), tokens: windows.tokens,
                atMost: 8 * limits.batchTokens)
            metrics.took(elapsed, in: .network)
            metrics.ran(windows: windows.count, tokens: windows.tokens)
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
}
