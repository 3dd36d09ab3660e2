import FoundationEssentials
import MLflow
import Synchronization
import TestSupport
import Testing
import Tracking

@Suite("Sender of a run")
struct SenderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    /// A local store behind an unreliable connection, which fails before or after an operation takes effect.
    private final class UnreliableStore: TrackingStore {
        private let store: LocalStore
        /// The outcome of each call in order; later calls succeed.
        private let faults: Mutex<[Fault]>
        /// Every point that reached the store, including repetitions.
        let points = Mutex<[Metric]>([])
        let models = Mutex(0)

        enum Fault { case none, before, after, refusal }

        init(_ store: LocalStore, _ faults: [Fault]) {
            self.store = store
            self.faults = Mutex(faults)
        }

        private func call<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
            let fault = faults.withLock { $0.isEmpty ? .none : $0.removeFirst() }
            let lost = MLflowError.unreachable(request: "a test", reason: "the line was cut")
            switch fault {
            case .none: return try await work()
            case .before: throw lost
            case .after:
                _ = try await work()
                throw lost
            case .refusal:
                throw MLflowError.refused(request: "a test", status: 400, code: "BAD_REQUEST", message: "no")
            }
        }

        func open(_ identity: RunIdentity) async throws -> (run: StoredRun, isNew: Bool) {
            try await call { try await store.open(identity) }
        }
        func lastSteps(of run: StoredRun) async throws -> [String: Int] {
            try await call { try await store.lastSteps(of: run) }
        }
        func log(_ batch: LogBatch, to run: StoredRun) async throws {
            try await call {
                points.withLock { $0 += batch.metrics }
                try await store.log(batch, to: run)
            }
        }
        func log(_ datasets: [DatasetInput], to run: StoredRun) async throws {
            try await call { try await store.log(datasets, to: run) }
        }
        func takesFiles(of run: StoredRun) -> Bool { true }
        func put(file: String, as path: String, of run: StoredRun) async throws {
            try await call { try await store.put(file: file, as: path, of: run) }
        }
        func put(_ model: TrackedModel, from directory: String, key: String, of run: StoredRun) async throws {
            try await call {
                models.withLock { $0 += 1 }
                try await store.put(model, from: directory, key: key, of: run)
            }
        }
        func update(_ run: StoredRun, status: Run.Status, time: Int) async throws {
            try await call { try await store.update(run, status: status, time: time) }
        }
    }

    private func journal() throws -> [Metric] {
        try Data("weights".utf8).write(to: directory.url.appending(path: "model.safetensors"))
        try Data("report".utf8).write(to: directory.url.appending(path: "report.txt"))
        var journal = try Journal(path: path("journal.jsonl"))
        try journal.append(
            .begin(RunIdentity(key: "k", experiment: "e", name: "n", start: 1, parent: nil, tags: [])))
        try journal.append(.params([KeyValue("p", "v")]))
        let steps = 1...900
        for step in steps { try journal.append(.metrics(Self.points(step))) }
        try journal.append(.artifact(path: "a/report.txt", file: "report.txt"))
        try journal.append(
            .model(
                TrackedModel(
                    files: ["model.safetensors"], task: "text", step: 9, time: 5, registered: "r", aliases: ["best"])))
        try journal.append(.status(.finished, time: 99))
        return steps.flatMap(Self.points)
    }

    private static func points(_ step: Int) -> [Metric] {
        ["a", "b", "c"].map { Metric(key: $0, value: 1 / Double(step), timestamp: 1_000 + step, step: step) }
    }

    private func sender(_ store: any TrackingStore, attempts: Int? = nil) -> RunSender {
        let state = DeliveryState.read(path("sent.json")) ?? DeliveryState(destination: "x")
        let sender = RunSender(
            RunSender.Job(
                directory: directory.url.path(), journal: path("journal.jsonl"), stateFile: path("sent.json"),
                store: store,
                policy: RetryPolicy(attempts: attempts, first: .milliseconds(1), longest: .milliseconds(2))),
            state: state)
        sender.close()
        return sender
    }

    private func end(of sender: RunSender) async throws {
        while !sender.isDone { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test(
        "Every entry arrives exactly once, whichever requests or answers are lost",
        arguments: 1...8 as ClosedRange<UInt64>)
    func exactlyOnce(_ seed: UInt64) async throws {
        let expected = try journal()
        var generator = SeededGenerator(seed: seed)
        let faults = (0..<60).map { _ -> UnreliableStore.Fault in
            [.none, .before, .after][Int.random(in: 0..<3, using: &generator)]
        }
        let local = try LocalStore(folder: path("mlruns"))
        let store = UnreliableStore(local, faults)
        let sender = sender(store)
        try await end(of: sender)
        #expect(sender.problem == nil)
        #expect(store.points.withLock { $0.count } == expected.count)
        #expect(Set(store.points.withLock { $0 }) == Set(expected))
        #expect(sender.run != nil)
        let recorded = databaseRows(
            "SELECT key, step, timestamp, round(value * step) FROM metrics", in: path("mlruns"))
        #expect(recorded.count == expected.count)
        #expect(Set(recorded) == Set(expected.map { "\($0.key),\($0.step),\($0.timestamp),1.0" }))
        #expect(!sender.takeWarnings().isEmpty && sender.takeWarnings().isEmpty)
    }

    @Test(
        "After a sender died before receiving a confirmation, the next one sends only the rest",
        arguments: [0, 1, 2, 3, 4])
    func death(_ acknowledged: Int) async throws {
        let expected = try journal()
        let local = try LocalStore(folder: path("mlruns"))
        // `acknowledged` deliveries are confirmed; the next one takes effect, but its confirmation is lost.
        let faults =
            [UnreliableStore.Fault](repeating: .none, count: acknowledged + (acknowledged > 0 ? 3 : 0)) + [.after]
        let first = UnreliableStore(local, faults)
        let dying = sender(first, attempts: 1)
        try await end(of: dying)
        let second = UnreliableStore(local, [])
        let next = sender(second)
        try await end(of: next)
        #expect(next.problem == nil && next.run == dying.run || dying.run == nil)
        let all = first.points.withLock { $0 } + second.points.withLock { $0 }
        #expect(all.count == expected.count && Set(all) == Set(expected))
    }

    @Test("If the delivery state is lost, nothing is sent twice")
    func forgotten() async throws {
        let expected = try journal()
        let local = try LocalStore(folder: path("mlruns"))
        for repetition in 0..<2 {
            let store = UnreliableStore(local, [])
            let sender = sender(store)
            try await end(of: sender)
            #expect(sender.problem == nil)
            #expect(store.points.withLock { $0.count } == (repetition == 0 ? expected.count : 0))
            try FileManager.default.removeItem(atPath: path("sent.json"))
        }
    }

    @Test("A refused delivery is not retried, but sent by the next sender")
    func refusal() async throws {
        _ = try journal()
        let local = try LocalStore(folder: path("mlruns"))
        let refusing = sender(UnreliableStore(local, [.none, .refusal]))
        try await end(of: refusing)
        #expect(refusing.problem?.contains("400") == true)
        #expect(refusing.takeWarnings().count == 1)
        #expect(DeliveryState.read(path("sent.json"))?.problem?.contains("400") == true)
        let next = sender(local)
        try await end(of: next)
        #expect(next.problem == nil && DeliveryState.read(path("sent.json"))?.problem == nil)
    }

    @Test("A refused or missing file is skipped with a warning, and only it is sent later")
    func refusedFile() async throws {
        var expected = try journal()
        var journal = try Journal(path: path("journal.jsonl"))
        try journal.append(.metrics(Self.points(901)))
        expected += Self.points(901)
        try FileManager.default.moveItem(atPath: path("report.txt"), toPath: path("moved"))
        let local = try LocalStore(folder: path("mlruns"))
        // These calls are the run, three batches, the missing file and the model.
        let store = UnreliableStore(local, [.none, .none, .none, .none, .none, .refusal])
        let sender = sender(store)
        try await end(of: sender)
        #expect(
            sender.problem?.contains("No such file") == true
                && sender.problem?.contains("Further failures: 1") == true)
        #expect(sender.takeWarnings().count == 2)
        #expect(store.points.withLock { $0 } == expected)
        #expect(databaseRows("SELECT status FROM runs", in: path("mlruns")) == ["FINISHED"])
        #expect(databaseRows("SELECT count(*) FROM logged_models", in: path("mlruns")) == ["0"])
        try FileManager.default.moveItem(atPath: path("moved"), toPath: path("report.txt"))
        let second = UnreliableStore(local, [])
        let next = self.sender(second)
        try await end(of: next)
        #expect(next.problem == nil && second.points.withLock { $0 }.isEmpty)
        #expect(databaseRows("SELECT count(*) FROM logged_models", in: path("mlruns")) == ["1"])
        let file = "\(next.run?.artifactURI ?? "")/a/report.txt"
        #expect(FileManager.default.contents(atPath: file) == Data("report".utf8))
        #expect(DeliveryState.read(path("sent.json"))?.reached == nil)
    }
}
