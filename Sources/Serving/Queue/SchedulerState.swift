/// The policy of a ``BatchScheduler`` as a value: which windows run next and where, and how each job ends.
///
/// Each event is a mutating method. It returns the actions that follow, in the order in which they must be carried out.
/// Nothing here waits, reads a clock or starts a thread, so that tests decide what happens when.
///
/// `Model` identifies the network that runs a job; a batch holds windows of one model.
package struct SchedulerState<Model: Hashable & Sendable>: Sendable {
    /// The windows of one request.
    package struct Job: Sendable {
        /// Identifies the job; no two jobs of a scheduler have the same number.
        package let id: Int
        package let model: Model
        /// Tokens of each window.
        package let windows: [Int]
        package let caller: Caller

        package init(id: Int, model: Model, windows: [Int], caller: Caller) {
            self.id = id
            self.model = model
            self.windows = windows
            self.caller = caller
        }

        fileprivate var tokens: Int { windows.reduce(0, +) }
    }

    /// One window of a job.
    package struct Place: Equatable, Sendable {
        package let job: Int
        /// The window's index in the job.
        package let window: Int

        package init(job: Int, window: Int) {
            self.job = job
            self.window = window
        }
    }

    /// Windows that one worker computes together.
    package struct Batch: Equatable, Sendable {
        package let worker: Int
        package let model: Model
        package let places: [Place]
        /// Tokens of all windows.
        package let tokens: Int
        /// How long each job waited whose first window is in this batch.
        package let waits: [Duration]
    }

    /// How a job has ended.
    package enum Outcome: Equatable, Sendable {
        /// All windows have run.
        case completed
        /// The task that submitted the job was cancelled.
        case cancelled
        case failed(LabellingFailure)
    }

    /// What the executor must do after an event.
    package enum Action: Equatable, Sendable {
        /// Answer whoever submitted the job.
        case end(job: Int, Outcome)
        /// Start a worker's thread, which then asks for a batch with ``next(for:at:)``.
        case wake(worker: Int)
        /// Compute a batch on the worker that asked, then report it with ``finished(_:after:)`` and ask again.
        case run(Batch)
        /// Free the memory that a worker needs to run a model.
        case forget(Model, worker: Int)
        /// Report the time with ``checkDeadlines(at:)`` a little later.
        case watchDeadlines
    }

    private struct Progress: Sendable {
        let job: Job
        let tokens: Int
        let start: ContinuousClock.Instant
        /// Windows that have not run.
        var missing: Int
        var hasBegun = false
    }

    private let limits: BatchLimits
    private let workers: Int
    private var queue: BatchQueue<Model, Place>
    private var jobs: [Int: Progress] = [:]
    private var rates: [Model: TokenRate] = [:]
    /// Workers that have no batch; the last one is woken first.
    private var idle: [Int]
    /// Models that each busy worker forgets after its batch. They stay alive until then.
    private var toForget: [Int: [Model]] = [:]
    /// When the batch of each busy worker began.
    private var begun: [Int: ContinuousClock.Instant] = [:]
    private var isWatchingDeadlines = false

    /// A scheduler with idle workers, numbered from 0, and an empty queue.
    package init(workers: Int, limits: BatchLimits) {
        self.workers = workers
        self.limits = limits
        queue = BatchQueue(limits)
        idle = Array(0..<workers)
    }

    /// Windows in the queue.
    package var waitingWindows: Int { queue.count }

    /// Tokens in the queue.
    package var waitingTokens: Int { queue.waitingTokens }

    /// How long the oldest of the running batches has been running; zero if none is.
    package func longestRun(at now: ContinuousClock.Instant) -> Duration {
        begun.values.min().map { now - $0 } ?? .zero
    }

    /// A job has been submitted. It is refused if it would probably miss its deadline, if its wait would exceed the
    /// limit, or if the queue is full. Before that, jobs whose clients have disconnected make room for it.
    package mutating func submit(_ job: Job, at now: ContinuousClock.Instant) -> [Action] {
        let deadline = job.caller.deadline
        let left = deadline.instant - now
        guard left > .zero else {
            return [.end(job: job.id, .failed(.deadlineExceeded(allowed: deadline.allowed)))]
        }
        // A running batch and the job itself take time besides the queue. The measured rate may not hold, hence the
        // reserve of a quarter.
        let timePerToken = rates[job.model]?.timePerToken ?? .zero
        let spare = (left - timePerToken * (limits.batchTokens + job.tokens)) * 3 / 4
        let mayWait = max(.zero, min(limits.wait, spare))
        var actions: [Action] = []
        var admission = enqueue(job, at: now, wait: mayWait, timePerToken)
        if case .refused = admission {
            let gone = jobs.values.filter { !$0.job.caller.isThere() }.map(\.job.id)
            if !gone.isEmpty {
                actions = end(gone) { _ in .failed(.clientGone) }
                admission = enqueue(job, at: now, wait: mayWait, timePerToken)
            }
        }
        if case .refused(let retryAfter) = admission {
            return actions + [.end(job: job.id, .failed(.overloaded(retryAfter: retryAfter)))]
        }
        jobs[job.id] = Progress(job: job, tokens: job.tokens, start: now, missing: job.windows.count)
        if !isWatchingDeadlines {
            isWatchingDeadlines = true
            actions.append(.watchDeadlines)
        }
        if let worker = idle.popLast() { actions.append(.wake(worker: worker)) }
        return actions
    }

    /// The task that submitted a job was cancelled. Windows of the job that are running are finished and dropped.
    package mutating func cancel(_ job: Int) -> [Action] {
        jobs[job] == nil ? [] : end([job]) { _ in .cancelled }
    }

    /// Some time has passed: jobs whose deadline has passed end.
    package mutating func checkDeadlines(at now: ContinuousClock.Instant) -> [Action] {
        let overdue = jobs.values.filter { $0.job.caller.deadline.instant <= now }.map(\.job.id)
        let actions = end(overdue, Self.deadlineExceeded)
        isWatchingDeadlines = !jobs.isEmpty
        return isWatchingDeadlines ? actions + [.watchDeadlines] : actions
    }

    /// A worker asks for a batch. Jobs at the head of the queue that nobody waits for any more end instead of running.
    /// If nothing is left to run, the worker becomes idle.
    package mutating func next(for worker: Int, at now: ContinuousClock.Instant) -> [Action] {
        begun[worker] = nil
        var actions: [Action] = []
        for model in toForget.removeValue(forKey: worker) ?? [] {
            rates[model] = nil
            actions.append(.forget(model, worker: worker))
        }
        while let (model, places) = queue.next() {
            actions += endUnwanted(places, at: now)
            let wanted = places.filter { jobs[$0.job] != nil }
            guard !wanted.isEmpty else { continue }
            begun[worker] = now
            // One job may leave work for every worker.
            if queue.count > 0, let another = idle.popLast() { actions.append(.wake(worker: another)) }
            actions.append(.run(batch(of: wanted, model, worker, at: now)))
            return actions
        }
        idle.append(worker)
        return actions
    }

    /// A batch has run in the time `elapsed`.
    package mutating func finished(_ batch: Batch, after elapsed: Duration) -> [Action] {
        rates[batch.model, default: TokenRate()].learn(
            elapsed / Double(batch.tokens * workers), tokens: batch.tokens, atMost: 8 * limits.batchTokens)
        var actions: [Action] = []
        for place in batch.places {
            // Jobs that have ended early are no longer here.
            jobs[place.job]?.missing -= 1
            guard jobs[place.job]?.missing == 0 else { continue }
            jobs[place.job] = nil
            actions.append(.end(job: place.job, .completed))
        }
        return actions
    }

    /// A model has been replaced: no job of it is waiting, and none will be submitted. Busy workers forget it after
    /// their batch.
    package mutating func retire(_ model: Model) -> [Action] {
        rates[model] = nil
        for worker in 0..<workers where !idle.contains(worker) { toForget[worker, default: []].append(model) }
        return idle.map { .forget(model, worker: $0) }
    }

    private mutating func enqueue(
        _ job: Job, at now: ContinuousClock.Instant, wait: Duration, _ timePerToken: Duration
    ) -> BatchQueue<Model, Place>.Admission {
        let parts = job.windows.enumerated().map { (work: Place(job: job.id, window: $0), tokens: $1) }
        // Tokens in flight of each stream. A client without a stream has one job only.
        var ofStream: [ObjectIdentifier: Int] = [:]
        var large = 0
        for other in jobs.values {
            if let stream = other.job.caller.stream {
                ofStream[ObjectIdentifier(stream), default: 0] += other.tokens
            } else if other.tokens > limits.batchTokens {
                large += 1
            }
        }
        let before = job.caller.stream.flatMap { ofStream.removeValue(forKey: ObjectIdentifier($0)) } ?? 0
        return queue.enqueue(
            parts, for: job.model, at: now, wait: wait, timePerToken: timePerToken, after: before,
            others: large + ofStream.values.count { $0 > limits.batchTokens })
    }

    /// Ends the jobs of these windows whose deadline has passed or whose client has disconnected.
    private mutating func endUnwanted(_ places: [Place], at now: ContinuousClock.Instant) -> [Action] {
        var late: Set<Int> = []
        var gone: Set<Int> = []
        for place in places {
            guard let caller = jobs[place.job]?.job.caller else { continue }
            if caller.deadline.instant <= now {
                late.insert(place.job)
            } else if !caller.isThere() {
                gone.insert(place.job)
            }
        }
        return end(Array(late), Self.deadlineExceeded) + end(Array(gone)) { _ in .failed(.clientGone) }
    }

    /// Ends jobs early and removes their windows from the queue, which is searched once for all of them.
    private mutating func end(_ ids: [Int], _ outcome: (Job) -> Outcome) -> [Action] {
        guard !ids.isEmpty else { return [] }
        var actions: [Action] = []
        for id in ids.sorted() {
            guard let progress = jobs.removeValue(forKey: id) else { continue }
            actions.append(.end(job: id, outcome(progress.job)))
        }
        let ended = Set(ids)
        queue.removeAll { ended.contains($0.job) }
        return actions
    }

    private static func deadlineExceeded(_ job: Job) -> Outcome {
        .failed(.deadlineExceeded(allowed: job.caller.deadline.allowed))
    }

    private mutating func batch(
        of places: [Place], _ model: Model, _ worker: Int, at now: ContinuousClock.Instant
    ) -> Batch {
        var waits: [Duration] = []
        var tokens = 0
        for place in places {
            guard let progress = jobs[place.job] else { continue }
            tokens += progress.job.windows[place.window]
            guard !progress.hasBegun else { continue }
            jobs[place.job]?.hasBegun = true
            waits.append(now - progress.start)
        }
        return Batch(worker: worker, model: model, places: places, tokens: tokens, waits: waits)
    }
}
