import Experiments
import FoundationEssentials
import Runs
import TestSupport
import Testing
import Training

@Suite("Tuning journal")
struct TuningJournalTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.url.appending(path: "trials.jsonl").path() }

    private static let events: [TuningEvent] = [
        .began(
            plan: TuningPlan(
                searches: ["epochs=1..4"], strategy: .bayesian, seed: 1, halving: nil, recipe: Recipe(task: .sentence),
                training: TinyExperiment.abstracts(1, seed: 1), development: nil)),
        .trial(number: 1, settings: [Setting(option: "--epochs", value: "2")], epochs: 2),
        .epoch(number: 1, epoch: 1, value: 0.512_345_678_9, seconds: 1.25),
        .paused(number: 1, seconds: 0.1), .failed(number: 1, reason: "the loss\nis \"nan\"", seconds: 2),
        .finished(number: 2, seconds: 0.5),
    ]

    init() throws { directory = try TemporaryDirectory() }

    @Test("The written events are read when the journal is opened again")
    func reading() throws {
        let (journal, empty) = try TuningJournal.open(path)
        #expect(empty.isEmpty)
        for event in Self.events { try journal.append(event) }
        #expect(try TuningJournal.open(path).1 == Self.events)
    }

    @Test("A journal cut off at any byte keeps its complete events and can be continued")
    func torn() throws {
        let (journal, _) = try TuningJournal.open(path)
        var ends = [0]
        for event in Self.events {
            try journal.append(event)
            ends.append(try Data(contentsOf: URL(filePath: path)).count)
        }
        let whole = try Data(contentsOf: URL(filePath: path))
        let torn = directory.url.appending(path: "torn.jsonl")
        for length in 0...whole.count {
            try whole.prefix(length).write(to: torn)
            let (journal, events) = try TuningJournal.open(torn.path())
            let complete = ends.lastIndex { $0 <= length } ?? 0
            try #require(events == Array(Self.events.prefix(complete)), "cut after \(length) bytes")
            try journal.append(Self.events[1])
            try #require(
                try TuningJournal.open(torn.path()).1 == events + [Self.events[1]], "cut after \(length) bytes")
        }
    }

    @Test("An invalid line is reported by number", arguments: ["{}", "nonsense", "{\"trial\":{\"number\":1}}", ""])
    func damaged(line: String) throws {
        let (journal, _) = try TuningJournal.open(path)
        try journal.append(Self.events[0])
        var contents = try Data(contentsOf: URL(filePath: path))
        contents.append(Data("\(line)\n".utf8))
        try contents.write(to: URL(filePath: path))
        let error = #expect(throws: ExperimentError.self) { _ = try TuningJournal.open(path) }
        #expect(error?.description.contains("trials.jsonl, line 2") == true)
    }

    @Test("A directory instead of a file is an error")
    func unreadable() {
        #expect(throws: ExperimentError.self) { _ = try TuningJournal.open(directory.url.path()) }
    }
}
