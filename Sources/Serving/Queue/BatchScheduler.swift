public import Labelling
import NIOPosix
import Synchronization

/// Carries out the actions of a ``SchedulerState`` on workers that each have threads of their own, so that the threads
/// that speak HTTP never wait for a matrix multiplication. A worker fetches its next batch itself.
///
/// No batch waits for a timer: it starts when a worker is free, with the windows that wait then. Every worker runs any
/// model.
public final class BatchScheduler: Sendable {
    /// A model, identified by its labeller, which it keeps alive.
    private struct Network: Hashable, Sendable {
        let labeller: Labeller

        static func == (a: Network, b: Network) -> Bool { a.labeller === b.labeller }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(labeller)) }
    }

    private typealias State = SchedulerState<Network>
    private typealias Answer = CheckedContinuation<LogitRows, any Error>

    /// The content of a job: the state knows only how large its windows are.
    private struct Request {
        let windows: [Window]
        let answer: Answer
        /// The head's output: one row for each span of the windows.
        var rows: LogitRows
        /// The first row of each window.
        private let firstRows: [Int]

        init(_ windows: [Window], labels: Int, _ answer: Answer) {
            self.windows = windows
            self.answer = answer
            rows = LogitRows(labels: labels, count: windows.spans)
            var next = 0
            firstRows = windows.map { window in
                defer { next += window.spans.count }
                return next
            }
        }

        mutating func set(_ own: Slice<LogitRows>, of window: Int) {
            rows.replace(from: firstRows[window], with: own)
        }
    }

    private struct Guarded {
        var state: State
        var requests: [Int: Request] = [:]
        var lastJob = 0
    }

    /// Windows to compute.
    private struct Assignment: Sendable {
        let batch: State.Batch
        let windows: [Window]
    }

    /// The part of some actions that is carried out after the lock has been released.
    private struct Effects: Sendable {
        var ends: [(answer: Answer, result: Result<LogitRows, any Error>)] = []
        var workersToWake: [Int] = []
        var watchesDeadlines = false
        var assignment: Assignment?
    }

    private let observer: (any BatchObserver)?
    private let workers: [BatchWorker]
    private let threads: NIOThreadPool
    private let guarded: Mutex<Guarded>

    /// Starts the workers' threads.
    ///
    /// - Parameters:
    ///   - workers: Batches that may run at once.
    ///   - threadsPerWorker: Threads that share a batch.
    ///   - limits: The size of a batch and of the queue.
    ///   - observer: Receives the size of the queue and of every batch.
    public init(
        workers: Int, threadsPerWorker: Int, limits: BatchLimits, observer: (any BatchObserver)? = nil
    ) {
        self.observer = observer
        self.workers = (0..<workers).map { _ in BatchWorker(threads: threadsPerWorker, tokens: limits.batchTokens) }
        guarded = Mutex(Guarded(state: State(workers: workers, limits: limits)))
        threads = NIOThreadPool(numberOfThreads: workers)
        threads.start()
    }

    /// Runs windows, in batches with those of other requests. If the task is cancelled, windows that have not begun
    /// leave the queue.
    ///
    /// - Parameters:
    ///   - windows: Any number of windows.
    ///   - labeller: The model that runs them.
    ///   - caller: The client that waits.
    /// - Returns: The head's output: one row for each span of the windows, one column for each label.
    /// - Throws: ``LabellingFailure``: overloaded, deadlineExceeded or clientGone; or `CancellationError`.
    public func run(_ windows: [Window], on labeller: Labeller, for caller: Caller) async throws -> LogitRows {
        let labels = labeller.labels.count
        guard !windows.isEmpty else { return LogitRows(labels: labels) }
        let id = guarded.withLock { guarded in
            guarded.lastJob += 1
            return guarded.lastJob
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                step { guarded in
                    guarded.requests[id] = Request(windows, labels: labels, answer)
                    let job = State.Job(
                        id: id, model: Network(labeller: labeller), windows: windows.map(\.ids.count), caller: caller)
                    return guarded.state.submit(job, at: .now)
                }
                // If the task was cancelled before the job was submitted, the handler below did not find the job.
                if Task.isCancelled { step { $0.state.cancel(id) } }
            }
        } onCancel: {
            step { $0.state.cancel(id) }
        }
    }

    /// How long the oldest of the running batches has been running; zero if none is.
    public var longestRun: Duration { guarded.withLock { $0.state.longestRun(at: .now) } }

    /// Frees the memory that a model needs to run. Its jobs have ended, and it gets no more.
    public func retire(_ labeller: Labeller) {
        step { $0.state.retire(Network(labeller: labeller)) }
    }

    /// Stops the threads after their batches. Nothing may be run afterwards.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }

    /// How often deadlines are checked, and so how late a job may end.
    private static let deadlinePrecision = Duration.milliseconds(10)

    /// Tells the state of an event and carries out the actions that follow.
    ///
    /// - Returns: The batch to run, if a worker has asked for one and there is one.
    @discardableResult
    private func step(_ event: (inout Guarded) -> [State.Action]) -> Assignment? {
        let effects = guarded.withLock { guarded in
            let actions = event(&guarded)
            observer?.queueHolds(windows: guarded.state.waitingWindows, tokens: guarded.state.waitingTokens)
            return resolve(actions, &guarded)
        }
        for end in effects.ends { end.answer.resume(with: end.result) }
        for worker in effects.workersToWake { threads.submit { _ in self.work(worker) } }
        if effects.watchesDeadlines {
            // One task for all jobs. A sleep for each would outlive its job: a sleep that is cancelled keeps its memory
            // until it would have ended.
            Task {
                try? await Task.sleep(for: Self.deadlinePrecision)
                step { $0.state.checkDeadlines(at: .now) }
            }
        }
        return effects.assignment
    }

    /// Carries out the part of the actions that needs the lock.
    private func resolve(_ actions: [State.Action], _ guarded: inout Guarded) -> Effects {
        var effects = Effects()
        for action in actions {
            switch action {
            case .end(let job, let outcome):
                guard let request = guarded.requests.removeValue(forKey: job) else { continue }
                let result: Result<LogitRows, any Error> =
                    switch outcome {
                    case .completed: .success(request.rows)
                    case .cancelled: .failure(CancellationError())
                    case .failed(let failure): .failure(failure)
                    }
                effects.ends.append((request.answer, result))
            case .wake(let worker): effects.workersToWake.append(worker)
            case .run(let batch):
                for time in batch.waits { observer?.requestWaited(time) }
                let windows = batch.places.compactMap { guarded.requests[$0.job]?.windows[$0.window] }
                effects.assignment = Assignment(batch: batch, windows: windows)
            // Under the lock, so that the worker is still idle, or has not begun its next batch.
            case .forget(let network, let worker): workers[worker].forget(network.labeller)
            case .watchDeadlines: effects.watchesDeadlines = true
            }
        }
        return effects
    }

    /// Runs batches on a worker, on this thread, until the queue is empty.
    private func work(_ worker: Int) {
        while let assignment = step({ $0.state.next(for: worker, at: .now) }) {
            let (batch, windows) = (assignment.batch, assignment.windows)
            let start = ContinuousClock.now
            let rows = workers[worker].run(windows, on: batch.model.labeller)
            let elapsed = ContinuousClock.now - start
            observer?.batchRan(windows: windows.count, tokens: batch.tokens, took: elapsed)
            step { guarded in
                var rest = rows[...]
                for (window, place) in zip(windows, batch.places) {
                    let own = [window].takeRows(from: &rest)
                    guarded.requests[place.job]?.set(own, of: place.window)
                }
                return guarded.state.finished(batch, after: elapsed)
            }
        }
    }
}
