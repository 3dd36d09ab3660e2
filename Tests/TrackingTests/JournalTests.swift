import FoundationEssentials
import JSON
import MLflow
import TestSupport
import Testing
import Tracking

@Suite("Journal")
struct JournalTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.url.appending(path: "journal.jsonl").path() }
    private var content: [UInt8] { FileManager.default.contents(atPath: path).map { Array($0) } ?? [] }

    static let identity = RunIdentity(
        key: "k1", experiment: "an \"experiment\"", name: "run\n1", start: 1_700_000_000_123, parent: "k0",
        tags: [KeyValue("mlflow.user", "me"), KeyValue("ü", "✓")])

    static func point(_ key: String, _ value: Double, step: Int) -> Metric {
        Metric(key: key, value: value, timestamp: 1_700_000_000_000 + step, step: step)
    }

    static let entries: [JournalEntry] = [
        .begin(identity),
        .params([KeyValue("learning_rate", "1e-4"), KeyValue("text", "a,\"b\"\u{1}\n")]),
        .tags([KeyValue("t", "")]),
        .datasets([
            DatasetInput(name: "n", digest: "d", source: "{}", schema: "{\"a\":1}", profile: "p", context: "train")
        ]),
        .metrics([point("a", 0.1, step: 1), point("b", 1e-300, step: 1)]),
        .metrics([point("a", .infinity, step: 2), point("b", -.infinity, step: 2)]),
        .artifact(path: "val/predictions.csv", file: "tracking/artifacts/val/predictions.csv"),
        .model(
            TrackedModel(
                files: ["config.json", "model.safetensors"], task: "text", step: 9, time: 7, registered: "r",
                aliases: ["a", "b"])),
        .model(TrackedModel(files: [], task: "text", step: 9, time: 7)),
        .status(.killed, time: 12),
    ]

    @Test("An entry survives writing and reading, and takes one line", arguments: entries)
    func roundTrip(_ entry: JournalEntry) throws {
        #expect(!entry.line.contains(UInt8(ascii: "\n")))
        #expect(try JournalEntry(line: entry.line) == entry)
    }

    @Test("NaN survives writing and reading")
    func notANumber() throws {
        let line = JournalEntry.metrics([Self.point("a", .nan, step: 1)]).line
        guard case .metrics(let points) = try JournalEntry(line: line) else {
            Issue.record("expected metrics")
            return
        }
        #expect(points.count == 1 && points[0].value.isNaN)
    }

    @Test(
        "A line that is not an entry is refused",
        arguments: [
            "{}", "[]", "{\"metrics\":{}}", "{\"begin\":{}}", "{\"status\":\"DONE\",\"time\":1}", "{\"step\":1,",
        ])
    func noEntry(_ line: String) {
        #expect(throws: JSONSyntaxError.self) { try JournalEntry(line: Array(line.utf8)) }
    }

    private func written(_ entries: [JournalEntry]) throws -> [JournalEntry] {
        var journal = try Journal(path: path)
        for entry in entries { try journal.append(entry) }
        journal.synchronise()
        return try read()
    }

    private func read(from offset: Int = 0) throws -> [JournalEntry] {
        var reader = JournalReader(path: path, offset: offset)
        var entries: [JournalEntry] = []
        while let record = try reader.next() { entries.append(record.entry) }
        return entries
    }

    @Test("A reader returns complete lines while the journal grows, starting after any entry")
    func reading() throws {
        var journal = try Journal(path: path)
        try journal.append(Self.entries[0])
        var reader = JournalReader(path: path)
        let first = try #require(try reader.next())
        #expect(first.entry == Self.entries[0] && first.end == content.count)
        #expect(try reader.next() == nil)
        try journal.append(Self.entries[1])
        #expect(try reader.next()?.entry == Self.entries[1])
        #expect(try read(from: first.end) == [Self.entries[1]])
    }

    @Test("An incomplete last line is ignored, and removed when the journal is opened again")
    func tornLine() throws {
        _ = try written([Self.entries[0], Self.entries[1]])
        let whole = content
        let line = Self.entries[4].line
        for count in 1...line.count {
            try Data(whole + line.prefix(count)).write(to: URL(filePath: path))
            #expect(try read() == [Self.entries[0], Self.entries[1]])
            var journal = try Journal(path: path)
            #expect(journal.identity == Self.identity)
            try journal.append(Self.entries[6])
            #expect(content == whole + Self.entries[6].line + [UInt8(ascii: "\n")])
        }
    }

    @Test("The error for a damaged line names its position")
    func damage() throws {
        try Data(Self.entries[0].line + Array("\n{oh\n".utf8)).write(to: URL(filePath: path))
        let place = Self.entries[0].line.count + 1
        let error = #expect(throws: TrackingError.self) { try read() }
        #expect(error?.description.contains("the line at byte \(place) is damaged") == true)
    }

    @Test("Steps repeated after a resume are not recorded again, whatever their values")
    func repeatedSteps() throws {
        func step(_ step: Int, _ value: Double) -> JournalEntry {
            .metrics([Self.point("rate", value, step: step), Self.point("train_loss", value, step: step)])
        }
        let epoch = JournalEntry.metrics([Self.point("val_f1", 0.5, step: 2)])
        let before = try written([.begin(Self.identity), step(1, 3), step(2, 2), epoch, step(3, 1)])
        let after = try written([step(2, 2.5), epoch, step(3, 1.5), step(4, 0.5)])
        #expect(before.count == 5 && after == before + [step(4, 0.5)])
    }

    @Test("After an entry was written only in part, the missing points are recorded")
    func partOfAStep() throws {
        let all = [Self.point("a", 1, step: 5), Self.point("b", 2, step: 5), Self.point("c", 3, step: 5)]
        _ = try written([.metrics(Array(all.prefix(2)))])
        #expect(try written([.metrics(all)]) == [.metrics(Array(all.prefix(2))), .metrics([all[2]])])
    }

    @Test("Params are recorded once")
    func repeatedParams() throws {
        let entries = try written([
            .params([KeyValue("a", "1")]), .params([KeyValue("a", "1"), KeyValue("b", "2")]),
            .params([KeyValue("a", "3")]),
        ])
        #expect(entries == [.params([KeyValue("a", "1")]), .params([KeyValue("b", "2")])])
    }

    @Test("Data sets are recorded once")
    func repeatedDatasets() throws {
        func dataset(_ digest: String) -> DatasetInput {
            DatasetInput(name: "n", digest: digest, source: "{}", context: "train")
        }
        let entries = try written([.datasets([dataset("a")]), .datasets([dataset("a"), dataset("b")])])
        #expect(entries == [.datasets([dataset("a")]), .datasets([dataset("b")])])
    }

    @Test("The error for a path that cannot be created gives the reason")
    func unwritable() {
        let error = #expect(throws: TrackingError.self) { _ = try Journal(path: "/nonexistent/journal.jsonl") }
        #expect(error?.description.contains("No such file or directory") == true)
    }
}
