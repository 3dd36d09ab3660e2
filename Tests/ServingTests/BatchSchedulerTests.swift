import Checkpoint
import FoundationEssentials
import Labelling
import Serving
import Synchronization
import TestSupport
import Testing

@Suite("The batch scheduler")
struct BatchSchedulerTests {
    private static let directory = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32")
    private let labeller: Labeller
    private let windows: [[Window]]

    init() throws {
        let labeller = try Labeller(CheckpointDirectory(path: Self.directory.path()))
        self.labeller = labeller
        windows = try Golden(Self.directory.appending(path: "expected.json")).abstracts.map { abstract in
            try labeller.prepare(Abstract(sentences: abstract.sentences)).layout.windows
        }
    }

    @Test("Windows give the same output in a batch as alone", arguments: [1, 3], [1, 60, 4_096])
    func together(workers: Int, batchTokens: Int) async throws {
        let engine = Engine(labeller, threads: 1)
        let alone = windows.map { Array(engine.run($0)) }
        var limits = BatchLimits()
        limits.batchTokens = batchTokens
        let scheduler = BatchScheduler(workers: workers, threadsPerWorker: 1, limits: limits)
        let windows = windows
        try await withThrowingTaskGroup(of: (Int, [[Double]]).self) { tasks in
            for index in 0..<windows.count * 8 {
                tasks.addTask {
                    (
                        index % windows.count,
                        Array(
                            try await scheduler.run(
                                windows[index % windows.count], on: labeller, for: Caller(until: .distant)))
                    )
                }
            }
            for try await (index, rows) in tasks { #expect(largestDifference(rows, alone[index]) < 1e-5) }
        }
        await scheduler.shutDown()
    }

    @Test("The running time of a batch is known while it runs")
    func longestRun() async throws {
        let observer = RunningTime()
        let scheduler = BatchScheduler(workers: 2, threadsPerWorker: 1, limits: BatchLimits(), observer: observer)
        observer.watch(scheduler)
        #expect(scheduler.longestRun == .zero)
        _ = try await scheduler.run(windows[0], on: labeller, for: Caller(until: .distant))
        #expect(observer.longest > .zero)
        while scheduler.longestRun > .zero { await Task.yield() }
        await scheduler.shutDown()
    }

    @Test("A job without windows gives no rows")
    func nothing() async throws {
        let scheduler = BatchScheduler(workers: 1, threadsPerWorker: 1, limits: BatchLimits())
        #expect(try await scheduler.run([], on: labeller, for: Caller(until: .distant)).isEmpty)
        await scheduler.shutDown()
    }

    @Test("Work beyond the limit of the queue is refused, and waiting work runs")
    func overload() async throws {
        var limits = BatchLimits()
        limits.waitingTokens = 1
        let scheduler = BatchScheduler(workers: 1, threadsPerWorker: 1, limits: limits)
        let large = repeatElement(windows, count: 300).joined().flatMap { $0 }
        let results = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<6 {
                tasks.addTask { (try? await scheduler.run(large, on: labeller, for: Caller(until: .distant))) != nil }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        // An empty queue takes any work; the rest of the first waits while its first batch runs.
        #expect(results.count { $0 } == 1)
        await #expect(throws: Never.self) { try await scheduler.run(large, on: labeller, for: Caller(until: .distant)) }
        await scheduler.shutDown()
    }

    /// Takes large work only into an empty queue, so that whether it is taken shows whether other work has left.
    private func schedulerOfOneLargeWork() -> BatchScheduler {
        var limits = BatchLimits()
        limits.waitingTokens = 1
        return BatchScheduler(workers: 1, threadsPerWorker: 1, limits: limits)
    }

    @Test("A job that misses its deadline leaves the queue")
    func deadline() async throws {
        let scheduler = schedulerOfOneLargeWork()
        let large = repeatElement(windows, count: 2_000).joined().flatMap { $0 }
        await #expect(throws: LabellingFailure.deadlineExceeded(allowed: .milliseconds(20))) {
            try await scheduler.run(large, on: labeller, for: Caller(until: Deadline(allowing: .milliseconds(20))))
        }
        await #expect(throws: LabellingFailure.deadlineExceeded(allowed: .seconds(-1))) {
            try await scheduler.run(windows[0], on: labeller, for: Caller(until: Deadline(allowing: .seconds(-1))))
        }
        #expect(try await scheduler.run(large, on: labeller, for: Caller(until: .distant)).count == large.spans)
        await scheduler.shutDown()
    }

    @Test("A cancelled job leaves the queue")
    func cancellation() async throws {
        let scheduler = schedulerOfOneLargeWork()
        let large = repeatElement(windows, count: 2_000).joined().flatMap { $0 }
        let task = Task { try await scheduler.run(large, on: labeller, for: Caller(until: .distant)) }
        try await Task.sleep(for: .milliseconds(5))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await scheduler.run(large, on: labeller, for: Caller(until: .distant)).count == large.spans)
        await scheduler.shutDown()
    }

    @Test("The work of a disconnected client does not run")
    func absence() async throws {
        let scheduler = schedulerOfOneLargeWork()
        let large = repeatElement(windows, count: 2_000).joined().flatMap { $0 }
        // Whether it is there is asked with each window that would run.
        let asked = Atomic(0)
        await #expect(throws: LabellingFailure.clientGone) {
            try await scheduler.run(
                large, on: labeller,
                for: Caller(until: .distant, isThere: { asked.wrappingAdd(1, ordering: .relaxed).newValue < 100 }))
        }
        #expect(asked.load(ordering: .relaxed) < large.count / 2)
        // It has left the queue.
        #expect(try await scheduler.run(large, on: labeller, for: Caller(until: .distant)).count == large.spans)
        await scheduler.shutDown()
    }

    @Test("Two checkpoints run concurrently, and a retired checkpoint can run again")
    func twoModels() async throws {
        let other = try Labeller(
            CheckpointDirectory(
                path: Locations.fixtures.appending(path: "checkpoints/uncased-single-f16").path()))
        let windows = windows
        let scheduler = BatchScheduler(workers: 2, threadsPerWorker: 1, limits: BatchLimits())
        let texts = ["Falls are common.", "We randomised 40 adults."]
        let otherWindows = try texts.map { try other.prepare(text: $0).window }
        let expected = Array(Engine(other, threads: 1).run(otherWindows))
        let alone = Array(Engine(labeller, threads: 1).run(windows[0]))
        for _ in 0..<2 {
            try await withThrowingTaskGroup(of: Double.self) { tasks in
                for index in 0..<40 {
                    tasks.addTask {
                        let rows =
                            try await index % 2 == 0
                            ? scheduler.run(windows[0], on: labeller, for: Caller(until: .distant))
                            : scheduler.run(otherWindows, on: other, for: Caller(until: .distant))
                        return largestDifference(Array(rows), index % 2 == 0 ? alone : expected)
                    }
                }
                for try await difference in tasks { #expect(difference < 1e-5) }
            }
            scheduler.retire(other)
        }
        await scheduler.shutDown()
    }

    @Test("A small request does not wait for a large one")
    func interleaving() async throws {
        let scheduler = BatchScheduler(workers: 1, threadsPerWorker: 1, limits: BatchLimits())
        let large = repeatElement(windows, count: 2_000).joined().flatMap { $0 }
        _ = try await scheduler.run(windows[0], on: labeller, for: Caller(until: .distant))
        let order = await withTaskGroup(of: String.self) { tasks in
            tasks.addTask { [windows = large] in
                _ = try? await scheduler.run(windows, on: labeller, for: Caller(until: .distant))
                return "large"
            }
            tasks.addTask { [windows = windows[0]] in
                try? await Task.sleep(for: .milliseconds(5))
                _ = try? await scheduler.run(windows, on: labeller, for: Caller(until: .distant))
                return "lone"
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(order == ["lone", "large"])
        await scheduler.shutDown()
    }

    @Test("Over HTTP, overload is answered with 429 and Retry-After")
    func tooManyRequests() async throws {
        var settings = Settings.shipped
        settings.workers = 1
        settings.batchLimits.waitingTokens = 1
        try await RunningServer.with(settings) { server in
            let sentences = repeatElement("\"Falls are common.\"", count: 300).joined(separator: ",")
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { tasks in
                for _ in 0..<6 { tasks.addTask { try await server.send(.predict(#"{"sentences": [\#(sentences)]}"#)) } }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0.status != 200 }
            #expect(!refused.isEmpty && refused.count < answers.count)
            var longest = 0
            for answer in refused {
                let seconds = try #require(answer[field: "retry-after"].flatMap { Int($0) })
                try answer.expectProblem(429, "the service is overloaded; retry in \(seconds) s.")
                longest = max(longest, seconds)
            }
            #expect((1...60).contains(longest))
            #expect(try await server.send(.request("GET /health/ready")).status == 200)
            try await server.expectToAnswer()
        }
    }
}

extension Deadline {
    fileprivate static var distant: Deadline { Deadline(allowing: .seconds(600)) }
}

/// Asks a scheduler for its longest run at the end of each batch, while the batch still counts as running.
private final class RunningTime: BatchObserver {
    private let state = Mutex<(scheduler: BatchScheduler?, longest: Duration)>((nil, .zero))

    var longest: Duration { state.withLock { $0.longest } }

    func watch(_ scheduler: BatchScheduler) { state.withLock { $0.scheduler = scheduler } }

    func queueHolds(windows: Int, tokens: Int) {}

    func requestWaited(_ time: Duration) {}

    func batchRan(windows: Int, tokens: Int, took time: Duration) {
        state.withLock { $0.longest = max($0.longest, $0.scheduler?.longestRun ?? .zero) }
    }
}
