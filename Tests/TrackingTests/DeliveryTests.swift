import MLflow
import Testing
import Tracking

@Suite("Deliveries and the delivery state machine")
struct DeliveryTests {
    /// Returns records of one byte each.
    private func records(_ entries: [JournalEntry], from offset: Int = 0) -> [JournalReader.Record] {
        entries.enumerated().map { JournalReader.Record(entry: $1, end: offset + $0 + 1) }
    }

    private func step(_ step: Int, metrics: Int = 1) -> JournalEntry {
        .metrics((0..<metrics).map { Metric(key: "m\($0)", value: Double(step), timestamp: step, step: step) })
    }

    @Test("Consecutive metrics, params and tags share a delivery; any other entry has its own")
    func together() throws {
        let entries: [JournalEntry] = [
            .params([KeyValue("p", "1")]), step(1), .tags([KeyValue("t", "2")]), step(2),
            .artifact(path: "a", file: "b"), step(3),
        ]
        let first = try #require(Delivery(records(entries)))
        #expect(first.end == 4)
        guard case .log(let batch) = first.content else {
            Issue.record("expected a batch")
            return
        }
        #expect(batch.metrics.map(\.step) == [1, 2] && batch.params.count == 1 && batch.tags.count == 1)
        let second = try #require(Delivery(Array(records(entries).dropFirst(4))))
        #expect(second == Delivery(records([.artifact(path: "a", file: "b")], from: 4)) && second.end == 5)
        #expect(Delivery([]) == nil)
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let entry: JournalEntry
        let inOne: Int
    }

    static let limits = [
        Limit(
            testDescription: "1,000 metrics",
            entry: .metrics((0..<4).map { Metric(key: "m\($0)", value: 1, timestamp: 1, step: 1) }), inOne: 250),
        Limit(testDescription: "100 params", entry: .params([KeyValue("a", "b"), KeyValue("c", "d")]), inOne: 50),
        Limit(testDescription: "100 tags", entry: .tags([KeyValue("a", "b")]), inOne: 100),
        Limit(
            testDescription: "one megabyte", entry: .tags([KeyValue("a", String(repeating: "\"", count: 8_000))]),
            inOne: 62),
        Limit(
            testDescription: "a megabyte of control characters",
            entry: .params([KeyValue("a", String(repeating: "\u{1}", count: 6_000))]), inOne: 27),
    ]

    @Test("A delivery respects MLflow's limits", arguments: limits)
    func limit(_ limit: Limit) throws {
        let delivery = try #require(Delivery(records([JournalEntry](repeating: limit.entry, count: 500))))
        #expect(delivery.end == limit.inOne)
    }

    @Test("An entry that is too large is still delivered, so that the store can refuse it")
    func tooLarge() throws {
        let entry = JournalEntry.params((0..<50).map { KeyValue("\($0)", String(repeating: "𝄞", count: 6_000)) })
        let delivery = try #require(Delivery(records([entry, step(1)])))
        guard case .log(let batch) = delivery.content else {
            Issue.record("expected a batch")
            return
        }
        #expect(delivery.end == 1 && batch.params.count == 50)
    }

    @Test("Params and tags count towards the limit of 1,000 metrics")
    func sum() {
        let metrics = JournalEntry.metrics((0..<4).map { Metric(key: "m\($0)", value: 1, timestamp: 1, step: 1) })
        let entries = [.tags([KeyValue("a", "b")])] + [JournalEntry](repeating: metrics, count: 300)
        #expect(Delivery(records(entries))?.end == 250)
    }

    @Test(
        "The first delivery after a restart covers the one in flight before it", arguments: [1, 7, 249, 250, 251, 600])
    func prefix(_ count: Int) throws {
        let entries = (0..<700).map { step($0, metrics: 4) }
        let before = try #require(Delivery(records(Array(entries.prefix(count)))))
        let after = try #require(Delivery(records(Array(entries.prefix(Delivery.mostRecords)))))
        guard case .log(let early) = before.content, case .log(let late) = after.content else {
            Issue.record("expected batches")
            return
        }
        #expect(Array(late.metrics.prefix(early.metrics.count)) == early.metrics)
    }

    @Test("Points up to the last step of their metric in the store are omitted")
    func removing() {
        var batch = LogBatch()
        let points = ["a", "b", "c"].flatMap { key in
            (1...3).map { Metric(key: key, value: .nan, timestamp: $0, step: $0) }
        }
        let isAdded = batch.add(.metrics(points)) && batch.add(.params([KeyValue("p", "v")]))
        #expect(isAdded)
        let rest = batch.removing(upTo: ["a": 2, "b": 3, "d": 9])
        #expect(rest.metrics.map { "\($0.key)\($0.step)" } == ["a3", "c1", "c2", "c3"])
        #expect(rest.params == batch.params)
    }

    private let lost = MLflowError.unreachable(request: "GET x", reason: "connection reset")
    private let refused = MLflowError.refused(request: "POST x", status: 403, code: "PERMISSION_DENIED", message: "no")

    private func machine() -> DeliveryMachine {
        DeliveryMachine(DeliveryState(destination: "http://x"), policy: RetryPolicy(attempts: nil))
    }

    @Test("Only the first delivery and those after a failure are in doubt")
    func doubt() throws {
        var machine = machine()
        let records = records([step(1), .artifact(path: "a", file: "b"), step(2)])
        let first = try #require(Delivery(records))
        #expect(machine.next(records) == .send(first, isInDoubt: true))
        machine.succeeded(first)
        #expect(machine.state.offset == 1)
        let rest = Array(records.dropFirst())
        let second = try #require(Delivery(rest))
        #expect(machine.next(rest) == .send(second, isInDoubt: false))
        #expect(machine.failed(lost, jitter: 1) == .milliseconds(500))
        #expect(machine.next(rest) == .send(second, isInDoubt: true))
        machine.succeeded(second)
        let last = Array(records.dropFirst(2))
        #expect(machine.next(last) == .send(try #require(Delivery(last)), isInDoubt: false))
    }

    @Test(
        "If the store already had the run, all entries in the journal are in doubt", arguments: [true, false])
    func foundRun(_ isNew: Bool) {
        var machine = machine()
        let all = records([.begin(JournalTests.identity), step(1), .status(.finished, time: 1), step(2)])
        machine.opened(StoredRun(id: "r", experiment: "1", artifactURI: ""), isNew: isNew, journalOf: 3)
        var doubts: [Bool] = []
        while case .send(let delivery, let isInDoubt) = machine.next(Array(all.dropFirst(machine.state.offset))) {
            doubts.append(isInDoubt)
            machine.succeeded(delivery)
        }
        #expect(doubts == (isNew ? [true, false, false, false] : [true, true, true, false]))
    }

    @Test("A refused file is skipped, and sending the run again starts with it")
    func refusedFile() throws {
        var machine = machine()
        let all = records([step(1), .artifact(path: "a", file: "b"), step(2), .status(.finished, time: 3)])
        func next() -> (delivery: Delivery, isInDoubt: Bool)? {
            guard case .send(let delivery, let isInDoubt) = machine.next(Array(all.dropFirst(machine.position))) else {
                return nil
            }
            return (delivery, isInDoubt)
        }
        let first = try #require(next()?.delivery)
        var isPassed = machine.refused(first, refused)
        #expect(!isPassed && machine.position == 0)
        machine.succeeded(first)
        let file = try #require(next()?.delivery)
        isPassed = machine.refused(file, lost)
        #expect(!isPassed && machine.position == 1)
        isPassed = machine.refused(file, refused)
        #expect(isPassed && machine.position == 2)
        while let delivery = next()?.delivery { machine.succeeded(delivery) }
        #expect(machine.state.offset == 1 && machine.state.reached == 4)
        #expect(machine.state.problem?.contains("403") == true)
        machine = DeliveryMachine(machine.state, policy: RetryPolicy(attempts: nil))
        #expect(try #require(next()?.delivery) == file)
        var doubts: [Bool] = []
        while let (delivery, isInDoubt) = next() {
            doubts.append(isInDoubt)
            machine.succeeded(delivery)
        }
        #expect(doubts == [true, true, true])
        #expect(machine.state.offset == 4 && machine.state.reached == nil && machine.state.problem == nil)
    }

    @Test("Without new entries the machine waits, or is done if the journal is closed")
    func end() {
        var machine = machine()
        #expect(machine.next([]) == .idle)
        machine.isClosed = true
        #expect(machine.next([]) == .done)
    }

    @Test("A refused entry ends the delivery, and the run that was found is kept")
    func refusal() throws {
        var machine = machine()
        let run = StoredRun(id: "r", experiment: "1", artifactURI: "mlflow-artifacts:/1/r/artifacts")
        machine.opened(run, isNew: true, journalOf: 1)
        machine.succeeded(try #require(Delivery(records([.begin(JournalTests.identity)]))))
        #expect(machine.failed(refused, jitter: 0) == nil)
        #expect(machine.state.run == run && machine.state.problem?.contains("403 (PERMISSION_DENIED: no)") == true)
    }
}
