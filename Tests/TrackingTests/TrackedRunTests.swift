import Checkpoint
import FoundationEssentials
import MLflow
import MLflowPlayback
import Runs
import TestSupport
import Testing
import Tracking
import Training

@Suite("Tracked run")
struct TrackedRunTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var out: String { directory.url.appending(path: "out").path() }

    private func settings(_ uri: String? = nil) throws -> TrackingSettings {
        try TrackingSettings(
            uri: uri, experiment: "e", runName: "n", directory: out, name: "m", defaultExperiment: "e", environment: [:]
        )
    }

    private func run(resuming: Bool = false, parent: TrackedRun? = nil, in name: String = "out") throws -> TrackedRun {
        let path = directory.url.appending(path: name).path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return try TrackedRun(settings(), directory: path, resuming: resuming, parent: parent)
    }

    private func entries(in name: String = "out") throws -> [JournalEntry] {
        var reader = JournalReader(path: directory.url.appending(path: "\(name)/tracking/journal.jsonl").path())
        var entries: [JournalEntry] = []
        while let record = try reader.next() { entries.append(record.entry) }
        return entries
    }

    @Test("A run is stored completely in the folder mlruns of its directory")
    func folder() throws {
        let run = try run()
        run.log(params: [KeyValue("p?", String(repeating: "x", count: 7_000))])
        run.log(tags: [KeyValue("t", "v")])
        for step in 1...3 { run.log(metrics: [("a", Double(step))], step: step) }
        run.log(artifact: Array("hello".utf8), as: "notes/a.txt")
        run.finish(.finished)
        guard case .complete(let place) = run.wait(upTo: .seconds(60)) else {
            Issue.record("not everything was delivered: \(run.takeWarnings())")
            return
        }
        #expect(place.hasPrefix("mlflow ui --backend-store-uri sqlite:////") && place.hasSuffix("/mlruns/mlflow.db"))
        let found = try FileManager.default.subpathsOfDirectory(atPath: "\(out)/mlruns").filter {
            $0.hasSuffix("a.txt")
        }
        #expect(found.count == 1)
        guard case .params(let params) = try entries()[1] else {
            Issue.record("the second line has no params")
            return
        }
        #expect(params.map(\.key) == ["p_"] && params[0].value.unicodeScalars.count == 6_000)
    }

    @Test("An artifact that cannot be written is skipped with a warning")
    func unwritable() throws {
        let run = try run()
        run.log(artifact: [1], as: "a")
        run.log(artifact: [2], as: "a/b")
        run.log(params: (0..<60).map { KeyValue("p\($0)", String(repeating: "𝄞", count: 6_000)) })
        run.finish(.finished)
        guard case .complete = run.wait(upTo: .seconds(60)) else {
            Issue.record("not everything was delivered: \(run.takeWarnings())")
            return
        }
        let warnings = run.takeWarnings()
        #expect(warnings.count == 1 && warnings[0].hasPrefix("a/b cannot be logged as an artifact"))
        #expect(databaseRows("SELECT count(*) FROM params", in: "\(out)/mlruns") == ["60"])
        #expect(try entries().allSatisfy { $0.line.count < LogLimits.bytes / 2 })
    }

    @Test("After the journal lost entries that were already sent, every step is stored once")
    func lostEnd() throws {
        let path = "\(out)/tracking/journal.jsonl"
        for (resuming, steps) in [(false, 1...3), (true, 2...5)] {
            let run = try run(resuming: resuming)
            for step in steps { run.log(metrics: [("a", Double(step))], step: step) }
            run.finish(.finished)
            guard case .complete = run.wait(upTo: .seconds(60)) else {
                Issue.record("not everything was delivered: \(run.takeWarnings())")
                return
            }
            let lines = try #require(FileManager.default.contents(atPath: path)).split(separator: 10)
            // Keep only the run and its first step.
            if !resuming { try Data(lines.prefix(2).joined(separator: [10]) + [10]).write(to: URL(filePath: path)) }
        }
        #expect(
            databaseRows("SELECT step FROM metrics ORDER BY 1", in: "\(out)/mlruns") == ["1", "2", "3", "4", "5"])
        #expect(databaseRows("SELECT status FROM runs", in: "\(out)/mlruns") == ["FINISHED"])
    }

    @Test("A resumed run keeps its key, and a new run gets another")
    func resuming() throws {
        var key = ""
        for (resuming, isSame) in [(false, false), (true, true), (false, false)] {
            let run = try run(resuming: resuming)
            #expect((run.key == key) == isSame)
            key = run.key
            run.finish(.killed)
            #expect(run.wait(upTo: .seconds(60)) != .incomplete(reason: ""))
        }
        // The records of the earlier run are renamed, not deleted.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).filter { $0.hasPrefix("tracking-") }.count == 1)
    }

    @Test("A child run has the parent's experiment and its own directory, and knows whether it was finished")
    func parts() throws {
        let whole = try run()
        for wasFinished in [false, true] {
            let part = try whole.part(named: "a", directory: whole.directory(ofPart: "a"), resuming: wasFinished)
            #expect(part.wasFinished == wasFinished)
            part.log(status: .scheduled)
            part.finish(.finished)
            guard case .complete = part.wait(upTo: .seconds(60)) else {
                Issue.record("not everything was delivered: \(part.takeWarnings())")
                return
            }
        }
        guard case .begin(let identity)? = try entries(in: "out/tracking/parts/a").first else {
            Issue.record("the part does not begin")
            return
        }
        #expect(identity.parent == whole.key && identity.experiment == "e" && identity.name == "a")
    }

    @Test("A run ends once, and a finished run stays finished when it is resumed and stopped")
    func ends() throws {
        for (resuming, status) in [(false, Run.Status.failed), (true, .finished), (true, .finished)] {
            let run = try run(resuming: resuming)
            if status == .finished, !run.wasFinished { run.finish(.finished) }
            run.stop(as: .failed)
            run.finish(.killed)
            _ = run.wait(upTo: .seconds(60))
            guard case .status(status, _)? = try entries().last else {
                Issue.record("expected \(status), found \(try entries().last.map { "\($0)" } ?? "nothing")")
                return
            }
        }
    }

    @Test("A run is locked until it has ended and is delivered")
    func held() async throws {
        func isHeld() -> Bool { DirectoryLock("\(out)/tracking") == nil }
        let run = try run()
        #expect(isHeld())
        run.finish(.finished)
        _ = run.wait(upTo: .seconds(60))
        for _ in 0..<1_000 where isHeld() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!isHeld())
        run.finish(.killed)
        #expect(run.takeWarnings().isEmpty)
        guard case .status(.finished, _)? = try entries().last else {
            Issue.record("the end of the run was recorded twice")
            return
        }
    }

    @Test("A run stays locked until its end, even if the store refuses it")
    func heldWhenRefused() async throws {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let server = try await PlaybackServer { _ in .json("{}", status: 401) }
        let run = try TrackedRun(settings(server.url), directory: out)
        var warnings: [String] = []
        for _ in 0..<1_000 where warnings.isEmpty {
            try await Task.sleep(for: .milliseconds(10))
            warnings = run.takeWarnings()
        }
        #expect(warnings.first?.contains("Tracking stops here") == true, "\(warnings)")
        // By now the sender has released its lock.
        try await Task.sleep(for: .milliseconds(100))
        #expect(DirectoryLock("\(out)/tracking") == nil)
        run.finish(.finished)
        for _ in 0..<1_000 where DirectoryLock("\(out)/tracking") == nil {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(DirectoryLock("\(out)/tracking") != nil)
    }

    @Test("Waiting ends at its time limit, and pending uploads are sent later, parents first")
    func later() async throws {
        try FileManager.default.createDirectory(atPath: "\(out)/part", withIntermediateDirectories: true)
        do {
            let parent = try TrackedRun(settings("http://127.0.0.1:1"), directory: out)
            let part = try TrackedRun(settings("http://127.0.0.1:1"), directory: "\(out)/part", parent: parent)
            part.log(metrics: [("a", 1)], step: 1)
            for run in [part, parent] {
                run.finish(.finished)
                guard case .incomplete = run.wait(upTo: .milliseconds(50)) else {
                    Issue.record("there is no server, but everything is delivered")
                    continue
                }
            }
            for run in try Leftovers.find(in: out) {
                let error = #expect(throws: TrackingError.self) { try run.deliver(to: nil, environment: [:]) }
                #expect(error?.description.contains("another process") == true)
            }
        }
        let folder = directory.url.appending(path: "store").path()
        for _ in 0..<2 {
            for run in try Leftovers.find(in: directory.url.path()) {
                let outcome = try await eventually { try run.deliver(to: folder, environment: [:]) }
                #expect(outcome == .complete(place: "mlflow ui --backend-store-uri sqlite:///\(folder)/mlflow.db"))
            }
        }
    }

    /// Repeats `work` until it succeeds. The previous run releases its journal only when its sender has ended.
    private func eventually<Value>(_ work: () throws -> Value) async throws -> Value {
        for _ in 0..<2_000 {
            if let value = try? work() { return value }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try work()
    }

    @Test("The error for a directory without runs says so")
    func nothingLeft() {
        let error = #expect(throws: TrackingError.self) { try Leftovers.find(in: directory.url.path()) }
        #expect(error?.description.contains("holds no tracked run") == true)
    }
}
