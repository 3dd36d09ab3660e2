import Serving
import Synchronization
import Testing

@Suite("The scheduler's state")
struct SchedulerStateTests {
    private typealias State = SchedulerState<String>
    private let start = ContinuousClock.now

    private func state(workers: Int = 1, batch: Int = 10, waiting: Int = 1_000, wait: Int = 1_000_000) -> State {
        var limits = BatchLimits()
        limits.batchTokens = batch
        limits.waitingTokens = waiting
        limits.wait = .seconds(wait)
        return State(workers: workers, limits: limits)
    }

    private func job(
        _ id: Int, _ windows: [Int], model: String = "A", seconds: Int = 1_000, stream: Caller.Stream? = nil,
        isThere: @escaping @Sendable () -> Bool = { true }
    ) -> State.Job {
        let deadline = Deadline(allowing: .seconds(seconds), from: start)
        return State.Job(
            id: id, model: model, windows: windows, caller: Caller(until: deadline, stream: stream, isThere: isThere))
    }

    private func late(_ seconds: Int) -> State.Outcome { .failed(.deadlineExceeded(allowed: .seconds(seconds))) }

    @Test(
        "The first job wakes a worker and starts the deadline watch; later jobs do neither while all workers are busy")
    func firstJob() {
        var state = state()
        #expect(state.submit(job(1, [4]), at: start) == [.watchDeadlines, .wake(worker: 0)])
        #expect(state.submit(job(2, [5]), at: start) == [])
        #expect(state.waitingWindows == 2 && state.waitingTokens == 9)
    }

    @Test("A worker runs the windows of several jobs together, reports them and becomes idle")
    func batch() throws {
        var state = state()
        _ = state.submit(job(1, [4]), at: start)
        _ = state.submit(job(2, [3, 3]), at: start + .seconds(1))
        let batch = try state.requireBatch(at: start + .seconds(3))
        #expect(batch.places == [.init(job: 1, window: 0), .init(job: 2, window: 0), .init(job: 2, window: 1)])
        #expect(batch.tokens == 10 && batch.model == "A" && batch.worker == 0)
        #expect(batch.waits == [.seconds(3), .seconds(2)])
        #expect(state.finished(batch, after: .seconds(1)) == [.end(job: 1, .completed), .end(job: 2, .completed)])
        #expect(state.next(for: 0, at: start) == [])
        #expect(state.submit(job(3, [1]), at: start) == [.wake(worker: 0)])
    }

    @Test("A job ends when its last window has run, and counts as begun once")
    func severalBatches() throws {
        var state = state()
        _ = state.submit(job(1, [6, 6]), at: start)
        let first = try state.requireBatch(at: start)
        #expect(first.places == [.init(job: 1, window: 0)] && first.waits == [.zero])
        #expect(state.finished(first, after: .seconds(1)) == [])
        let second = try state.requireBatch(at: start + .seconds(1))
        #expect(second.places == [.init(job: 1, window: 1)] && second.waits == [])
        #expect(state.finished(second, after: .seconds(1)) == [.end(job: 1, .completed)])
    }

    @Test("A job that leaves work for others wakes another worker before its own batch runs")
    func anotherWorker() {
        var state = state(workers: 2)
        #expect(state.submit(job(1, [6, 6, 6]), at: start) == [.watchDeadlines, .wake(worker: 1)])
        let actions = state.next(for: 1, at: start)
        #expect(actions.count == 2 && actions.first == .wake(worker: 0))
        guard case .run(let batch)? = actions.last else {
            Issue.record("no batch: \(actions)")
            return
        }
        #expect(batch.worker == 1 && batch.places.count == 1)
    }

    @Test("A cancelled job leaves the queue, and its running windows are dropped")
    func cancellation() throws {
        var state = state()
        _ = state.submit(job(1, [6, 6]), at: start)
        let batch = try state.requireBatch(at: start)
        #expect(state.cancel(1) == [.end(job: 1, .cancelled)])
        #expect(state.cancel(1) == [] && state.waitingWindows == 0)
        #expect(state.finished(batch, after: .seconds(1)) == [])
        #expect(state.next(for: 0, at: start) == [])
    }

    @Test("A job whose deadline has passed is refused at once")
    func passedDeadline() {
        var state = state()
        #expect(state.submit(job(1, [1], seconds: 1), at: start + .seconds(1)) == [.end(job: 1, late(1))])
        #expect(state.waitingWindows == 0)
    }

    @Test("The deadline watch ends overdue jobs and stops when no job is left")
    func deadlineWatch() {
        var state = state()
        _ = state.submit(job(1, [1], seconds: 1), at: start)
        _ = state.submit(job(2, [1], seconds: 3), at: start)
        #expect(state.checkDeadlines(at: start) == [.watchDeadlines])
        #expect(state.checkDeadlines(at: start + .seconds(2)) == [.end(job: 1, late(1)), .watchDeadlines])
        #expect(state.checkDeadlines(at: start + .seconds(3)) == [.end(job: 2, late(3))])
        #expect(state.waitingWindows == 0)
        #expect(state.submit(job(3, [1], seconds: 9), at: start + .seconds(3)).contains(.watchDeadlines))
    }

    @Test("Jobs that are overdue or whose clients have disconnected do not run")
    func unwanted() throws {
        var state = state(batch: 3)
        _ = state.submit(job(1, [1], seconds: 1), at: start)
        _ = state.submit(job(2, [1]) { false }, at: start)
        _ = state.submit(job(3, [1]), at: start)
        let actions = state.next(for: 0, at: start + .seconds(1))
        #expect(actions.dropLast() == [.end(job: 1, late(1)), .end(job: 2, .failed(.clientGone))])
        guard case .run(let batch)? = actions.last else {
            Issue.record("no batch: \(actions)")
            return
        }
        #expect(batch.places == [.init(job: 3, window: 0)])
    }

    @Test("A full queue refuses a job, unless disconnected clients make room for it")
    func fullQueue() {
        var state = state(batch: 10, waiting: 20)
        let isGone = Gate()
        #expect(state.submit(job(1, [10, 10]) { !isGone.isOpen }, at: start).count == 2)
        guard case .end(2, .failed(.overloaded))? = state.submit(job(2, [6, 6]), at: start).first else {
            Issue.record("the queue took more than it may hold")
            return
        }
        isGone.open()
        #expect(state.submit(job(3, [6, 6]), at: start) == [.end(job: 1, .failed(.clientGone))])
        #expect(state.waitingTokens == 12)
    }

    @Test("Once its rate is known, a job that would miss its deadline is refused with a time to retry")
    func expectedTime() throws {
        var state = state(wait: 100)
        _ = state.submit(job(1, [10]), at: start)
        let batch = try state.requireBatch(at: start)
        // One second a token: ten tokens are due in the queue, ten run and ten are the job's own.
        #expect(state.finished(batch, after: .seconds(10)) == [.end(job: 1, .completed)])
        _ = state.submit(job(2, [10]), at: start)
        #expect(state.submit(job(3, [10], seconds: 40), at: start) == [])
        let actions = state.submit(job(4, [10], seconds: 40), at: start)
        #expect(actions == [.end(job: 4, .failed(.overloaded(retryAfter: .seconds(5))))])
    }

    @Test("Idle workers forget a retired model at once, busy ones after their batch")
    func retirement() throws {
        var state = state(workers: 2)
        _ = state.submit(job(1, [1], model: "B"), at: start)
        let batch = try state.requireBatch(worker: 1, at: start)
        #expect(state.retire("A") == [.forget("A", worker: 0)])
        _ = state.finished(batch, after: .seconds(1))
        #expect(state.next(for: 1, at: start) == [.forget("A", worker: 1)])
        #expect(state.retire("A") == [.forget("A", worker: 0), .forget("A", worker: 1)])
    }

    @Test("The longest run is that of the batch that began first")
    func longestRun() throws {
        var state = state(workers: 2)
        #expect(state.longestRun(at: start) == .zero)
        _ = state.submit(job(1, [10, 10]), at: start)
        let first = try state.requireBatch(worker: 1, at: start)
        _ = try state.requireBatch(worker: 0, at: start + .seconds(1))
        #expect(state.longestRun(at: start + .seconds(3)) == .seconds(3))
        _ = state.finished(first, after: .seconds(3))
        _ = state.next(for: 1, at: start + .seconds(3))
        #expect(state.longestRun(at: start + .seconds(3)) == .seconds(2))
    }

    @Test("The lines of a stream share the machine as one large request does")
    func streams() throws {
        var state = state()
        let stream = Caller.Stream()
        for id in 1...3 { _ = state.submit(job(id, [10], stream: stream), at: start) }
        // The rate must be known for later lines to fall due later.
        let first = try state.requireBatch(at: start)
        _ = state.finished(first, after: .seconds(10))
        for id in 4...5 { _ = state.submit(job(id, [10], stream: stream), at: start) }
        _ = state.submit(job(6, [10]), at: start + .seconds(1))
        var order: [Int] = []
        while let batch = state.nextBatch(at: start + .seconds(2)) { order += batch.places.map(\.job) }
        #expect(order == [2, 3, 6, 4, 5])
    }
}

/// A switch that a closure can read while a test opens it.
private final class Gate: Sendable {
    private let flag = Atomic(false)

    var isOpen: Bool { flag.load(ordering: .relaxed) }

    func open() { flag.store(true, ordering: .relaxed) }
}

extension SchedulerState {
    /// The batch that a worker gets when it asks for one.
    fileprivate mutating func nextBatch(worker: Int = 0, at now: ContinuousClock.Instant) -> Batch? {
        for case .run(let batch) in next(for: worker, at: now) { return batch }
        return nil
    }

    /// The batch that a worker gets when it asks for one, which must exist.
    fileprivate mutating func requireBatch(worker: Int = 0, at now: ContinuousClock.Instant) throws -> Batch {
        let batch = nextBatch(worker: worker, at: now)
        return try #require(batch)
    }
}
