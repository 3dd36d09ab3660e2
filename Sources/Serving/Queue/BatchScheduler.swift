internal import Kernels
public import Labelling
import NIOPosix
import Synchronization

/// Carries out a ``BatchQueue``'s decisions on workers that each have threads of their own, so that the threads that speak HTTP never
/// wait for a matrix product, nor a worker for them: it takes its next batch itself.
///
/// No batch waits for a timer: it starts when a worker is free, with what waits then. A worker runs any model.
public final class BatchScheduler: Sendable {
    /// A request's windows, of which some may have run. It never leaves the lock.
    private final class Job {
        let id: Int
        let windows: [Window]
        let labeller: Labeller
        let caller: Caller
        let tokens: Int
        let start = ContinuousClock.now
        var hasBegun = false
        var rows: [[[Double]]]
        var missing: Int
        let answer: CheckedContinuation<[[Double]], any Error>

        init(
            id: Int, _ windows: [Window], _ labeller: Labeller, _ caller: Caller,
            answer: CheckedContinuation<[[Double]], any Error>
        ) {
            self.id = id
            self.windows = windows
            self.labeller = labeller
            self.caller = caller
            self.answer = answer
            tokens = windows.tokens
            rows = [[[Double]]](repeating: [], count: windows.count)
            missing = windows.count
        }
    }

    /// One window of a job.
    private struct Part {
        let job: Job
        let index: Int
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

    private struct State {
        var idle: [Worker]
        var queue: BatchQueue<ObjectIdentifier, Part>
        var jobs: [Int: Job] = [:]
        var lastJob = 0
        var rates: [ObjectIdentifier: Rate] = [:]
        /// What busy workers need no longer.
        var toForget: [ObjectIdentifier: [Labeller]] = [:]
        /// Whether deadlines are looked at.
        var isWatched = false
        /// When the batches began that run now, by their workers.
        var begun: [ObjectIdentifier: ContinuousClock.Instant] = [:]
    }

    /// How a job has ended, for whoever waits for it.
    private struct End: Sendable {
        let answer: CheckedContinuation<[[Double]], any Error>
        let result: Result<[[Double]], any Error>

        init(_ job: borrowing Job, _ result: Result<[[Double]], any Error>) {
            answer = job.answer
            self.result = result
        }

        func tell() { answer.resume(with: result) }
    }

    /// What runs together.
    private struct Batch: Sendable {
        let labeller: Labeller
        let windows: [Window]
        /// Each window's job and its number there.
        let places: [(job: Int, index: Int)]

        init?(_ parts: [Part]) {
            guard let labeller = parts.first?.job.labeller else { return nil }
            self.labeller = labeller
            windows = parts.map { $0.job.windows[$0.index] }
            places = parts.map { ($0.job.id, $0.index) }
        }
    }

    private let limits: BatchLimits
    private let observer: (any BatchObserver)?
    private let workers: [Worker]
    private let threads: NIOThreadPool
    private let state: Mutex<State>

    /// Starts the workers' threads.
    ///
    /// - Parameters:
    ///   - workers: How many batches may run at once.
    ///   - threadsPerWorker: How many threads share a batch.
    ///   - limits: How much runs together and how much may wait.
    ///   - observer: Is told of every batch.
    public init(
        workers: Int, threadsPerWorker: Int, limits: BatchLimits, observer: (any BatchObserver)? = nil
    ) {
        self.limits = limits
        self.observer = observer
        self.workers = (0..<workers).map { _ in Worker(threads: threadsPerWorker, tokens: limits.batchTokens) }
        state = Mutex(State(idle: self.workers, queue: BatchQueue(limits)))
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
    /// - Throws: ``LabellingFailure``: overloaded, deadlineExceeded or clientGone; or `CancellationError`.
    public func run(_ windows: [Window], on labeller: Labeller, for caller: Caller) async throws -> [[Double]] {
        guard !windows.isEmpty else { return [] }
        let id = state.withLock { state in
            state.lastJob += 1
            return state.lastJob
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                admit(id: id, windows, labeller, caller, answer: answer)
                // Cancelled before it was a job, it was not found.
                if Task.isCancelled { end(id, throwing: CancellationError()) }
            }
        } onCancel: {
            end(id, throwing: CancellationError())
        }
    }

    /// How long the batch has been running that has been running the longest; zero where none does.
    public var longestRun: Duration {
        state.withLock { $0.begun.values.min() }.map { .now - $0 } ?? .zero
    }

    /// Frees what a model needs to run; nothing of it waits or is run afterwards.
    public func retire(_ labeller: Labeller) {
        state.withLock { state in
            state.rates[ObjectIdentifier(labeller)] = nil
            for worker in workers {
                // Those in the middle of a batch do it after that.
                if state.idle.contains(where: { $0 === worker }) {
                    worker.forget(labeller)
                } else {
                    state.toForget[ObjectIdentifier(worker), default: []].append(labeller)
                }
            }
        }
    }

    /// Stops the threads once their batches are done; nothing may be run afterwards.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }

    private func admit(
        id: Int, _ windows: [Window], _ labeller: Labeller, _ caller: Caller,
        answer: CheckedContinuation<[[Double]], any Error>
    ) {
        let (worker, ends) = state.withLock { state -> (Worker?, [End]) in
            let job = Job(id: id, windows, labeller, caller, answer: answer)
            var ends: [End] = []
            let left = caller.deadline.instant - job.start
            guard left > .zero else {
                return (nil, [End(job, .failure(LabellingFailure.deadlineExceeded(allowed: caller.deadline.allowed)))])
            }
            // Beside what waits, there is the batch that runs, and its own; and a rate that was measured is not one that will hold.
            // What would be late is turned away now.
            let timePerToken = state.rates[ObjectIdentifier(labeller)]?.timePerToken ?? .zero
            let spare = (left - timePerToken * (limits.batchTokens + job.tokens)) * 3 / 4
            let mayWait = max(.zero, min(limits.wait, spare))
            var admission = enqueue(job, wait: mayWait, timePerToken, &state)
            if case .refused = admission {
                let abandoned = state.jobs.values.filter { !$0.caller.isThere() }
                ends += remove(abandoned, { _ in LabellingFailure.clientGone }, &state)
                if !abandoned.isEmpty { admission = enqueue(job, wait: mayWait, timePerToken, &state) }
            }
            if case .refused(let retryAfter) = admission {
                return (nil, ends + [End(job, .failure(LabellingFailure.overloaded(retryAfter: retryAfter)))])
            }
            state.jobs[id] = job
            if !state.isWatched {
                state.isWatched = true
                Task { await endOverdue() }
            }
            observer?.queueHolds(windows: state.queue.count, tokens: state.queue.waitingTokens)
            return (state.idle.popLast(), ends)
        }
        for end in ends { end.tell() }
        if let worker { threads.submit { _ in self.work(worker) } }
    }

    private func enqueue(
        _ job: Job, wait: Duration, _ timePerToken: Duration, _ state: inout State
    ) -> BatchQueue<ObjectIdentifier, Part>.Admission {
        let parts = job.windows.indices.map { (work: Part(job: job, index: $0), tokens: job.windows[$0].ids.count) }
        // What each client has in progress; a job that is not of a stream is a client's only one.
        var ofStream: [ObjectIdentifier: Int] = [:]
        var large = 0
        for other in state.jobs.values {
            if let stream = other.caller.stream {
                ofStream[ObjectIdentifier(stream), default: 0] += other.tokens
            } else if other.tokens > limits.batchTokens {
                large += 1
            }
        }
        let before = job.caller.stream.flatMap { ofStream.removeValue(forKey: ObjectIdentifier($0)) } ?? 0
        return state.queue.enqueue(
            parts, for: ObjectIdentifier(job.labeller), at: job.start, wait: wait, timePerToken: timePerToken,
            after: before, others: large + ofStream.values.count { $0 > limits.batchTokens })
    }

    /// Ends jobs whose deadline has passed, for as long as there are jobs. One task for all: a sleep for each would outlive what it
    /// watches, as one that is cancelled keeps its memory until it would have ended.
    private func endOverdue() async {
        while true {
            try? await Task.sleep(for: Self.deadlinePrecision)
            let (ends, isOver) = state.withLock { state -> ([End], Bool) in
                let now = ContinuousClock.now
                let overdue = state.jobs.values.filter { $0.caller.deadline.instant <= now }
                let ends = remove(overdue, Self.deadlineExceeded, &state)
                state.isWatched = !state.jobs.isEmpty
                return (ends, !state.isWatched)
            }
            for end in ends { end.tell() }
            if isOver { return }
        }
    }

    /// How late a job may be ended.
    private static let deadlinePrecision = Duration.milliseconds(10)

    /// Ends a job early; what of it runs already is not waited for.
    private func end(_ id: Int, throwing error: any Error) {
        let ends = state.withLock { state in state.jobs[id].map { remove([$0], { _ in error }, &state) } }
        for end in ends ?? [] { end.tell() }
    }

    /// Takes jobs out of the queue, all at once: it is gone through whole.
    private func remove(_ jobs: [Job], _ error: (Job) -> any Error, _ state: inout State) -> [End] {
        guard !jobs.isEmpty else { return [] }
        for job in jobs { state.jobs[job.id] = nil }
        let ids = Set(jobs.map(\.id))
        state.queue.removeAll { ids.contains($0.job.id) }
        observer?.queueHolds(windows: state.queue.count, tokens: state.queue.waitingTokens)
        return jobs.map { End($0, .failure(error($0))) }
    }

    private static func deadlineExceeded(_ job: Job) -> any Error {
        LabellingFailure.deadlineExceeded(allowed: job.caller.deadline.allowed)
    }

    /// Runs batches on a worker, on this thread, for as long as there are any.
    private func work(_ worker: Worker) {
        while let batch = nextBatch(for: worker) {
            let start = ContinuousClock.now
            let rows = worker.run(batch.windows, on: batch.labeller)
            let elapsed = ContinuousClock.now - start
            let tokens = batch.windows.tokens
            observer?.batchRan(windows: batch.windows.count, tokens: tokens, took: elapsed)
            let ends = state.withLock { state -> [End] in
                state.rates[ObjectIdentifier(batch.labeller), default: Rate()].learn(
                    elapsed / Double(tokens * workers.count), tokens: tokens, atMost: 8 * limits.batchTokens)
                var rest = rows[...]
                var ends: [End] = []
                for (window, place) in zip(batch.windows, batch.places) {
                    let own = [window].takeRows(from: &rest)
                    // Unless it has been ended early.
                    guard let job = state.jobs[place.job] else { continue }
                    job.rows[place.index] = own
                    job.missing -= 1
                    guard job.missing == 0 else { continue }
                    state.jobs[place.job] = nil
                    ends.append(End(job, .success(job.rows.flatMap(\.self))))
                }
                return ends
            }
            for end in ends { end.tell() }
        }
    }

    /// The next batch, of those who still wait; where there is none, puts the worker by.
    private func nextBatch(for worker: Worker) -> Batch? {
        let (batch, another, ends) = state.withLock { state -> (Batch?, Worker?, [End]) in
            state.begun[ObjectIdentifier(worker)] = nil
            for labeller in state.toForget.removeValue(forKey: ObjectIdentifier(worker)) ?? [] {
                worker.forget(labeller)
                state.rates[ObjectIdentifier(labeller)] = nil
            }
            defer { observer?.queueHolds(windows: state.queue.count, tokens: state.queue.waitingTokens) }
            var ends: [End] = []
            while let parts = state.queue.next()?.work {
                let now = ContinuousClock.now
                let (late, timely) = parts.partitioned { $0.job.caller.deadline.instant <= now }
                let (wanted, unwanted) = timely.partitioned { $0.job.caller.isThere() }
                ends += remove(waiting(late, state), Self.deadlineExceeded, &state)
                ends += remove(waiting(unwanted, state), { _ in LabellingFailure.clientGone }, &state)
                guard let batch = Batch(wanted) else { continue }
                state.begun[ObjectIdentifier(worker)] = now
                for part in wanted where !part.job.hasBegun {
                    part.job.hasBegun = true
                    observer?.requestWaited(now - part.job.start)
                }
                // What one job leaves waiting is for all workers.
                return (batch, state.queue.count > 0 ? state.idle.popLast() : nil, ends)
            }
            state.idle.append(worker)
            return (nil, nil, ends)
        }
        for end in ends { end.tell() }
        if let another { threads.submit { _ in self.work(another) } }
        return batch
    }

    /// The jobs that parts are of, each once, but for those that have ended.
    private func waiting(_ parts: [Part], _ state: borrowing State) -> [Job] {
        var jobs: [Int: Job] = [:]
        for part in parts where state.jobs[part.job.id] != nil { jobs[part.job.id] = part.job }
        return Array(jobs.values)
    }
}

extension Array {
    /// The elements that `isFirst` says true of, and the others, in their order.
    fileprivate func partitioned(by isFirst: (Element) -> Bool) -> (first: [Element], rest: [Element]) {
        var (first, rest): ([Element], [Element]) = ([], [])
        for element in self { if isFirst(element) { first.append(element) } else { rest.append(element) } }
        return (first, rest)
    }
}
