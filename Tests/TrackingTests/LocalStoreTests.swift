import FoundationEssentials
import MLflow
import TestSupport
import Testing
import Tracking

/// `make test-mlflow` tests that MLflow itself can read the same folder.
@Suite("Local folder")
struct LocalStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }
    private var folder: String { path("runs") }

    private func identity(_ key: String, parent: String? = nil) -> RunIdentity {
        RunIdentity(key: key, experiment: "e", name: key, start: 5, parent: parent, tags: [KeyValue("t", "v")])
    }

    private func rows(_ query: String) -> [String] { databaseRows(query, in: folder) }

    @Test("A new folder has MLflow's tables in the declared revision, and the default experiment")
    func fresh() throws {
        _ = try LocalStore(folder: folder)
        #expect(rows("SELECT version_num FROM alembic_version") == [LocalStore.revision])
        #expect(rows("SELECT experiment_id, name, lifecycle_stage FROM experiments") == ["0,Default,active"])
        #expect(rows("PRAGMA integrity_check") == ["ok"])
        _ = try LocalStore(folder: folder)
        #expect(rows("SELECT count(*) FROM experiments") == ["1"])
    }

    @Test("A database of another revision is refused with a remedy")
    func otherRevision() throws {
        _ = try LocalStore(folder: folder)
        _ = rows("UPDATE alembic_version SET version_num = 'abc'")
        let error = #expect(throws: MLflowError.self) { _ = try LocalStore(folder: folder) }
        #expect(
            error?.description.contains("revision abc") == true
                && error?.description.contains("mlflow db upgrade") == true)
    }

    @Test("A path that is a file is refused")
    func blocked() throws {
        try Data("x".utf8).write(to: URL(filePath: folder))
        #expect(throws: MLflowError.self) { _ = try LocalStore(folder: folder) }
    }

    @Test("A run is created once, and a child run refers to its parent")
    func runs() async throws {
        let store = try LocalStore(folder: folder)
        let (run, isNew) = try await store.open(identity("k"))
        let again = try await store.open(identity("k"))
        #expect(isNew && again.run == run && !again.isNew)
        let part = try await store.open(identity("part", parent: "k")).run
        #expect(rows("SELECT value FROM tags WHERE key = 'mlflow.parentRunId' AND run_uuid = '\(part.id)'") == [run.id])
        #expect(rows("SELECT count(*) FROM runs") == ["2"])
        await #expect(throws: MLflowError.self) { _ = try await store.open(identity("early", parent: "later")) }
        #expect(rows("SELECT count(*) FROM runs") == ["2"])
    }

    @Test("Metrics are stored unchanged, and the one with the highest step is the latest, in any order")
    func metrics() async throws {
        let store = try LocalStore(folder: folder)
        let run = try await store.open(identity("k")).run
        let points = [3, 1, 2].map { Metric(key: "a", value: 1 / Double($0 + 2), timestamp: 10 + $0, step: $0) }
        for points in [points, [points[1]]] {
            var batch = LogBatch()
            let isAdded = batch.add(.metrics(points + [Metric(key: "n", value: .nan, timestamp: 1, step: 1)]))
            #expect(isAdded)
            try await store.log(batch, to: run)
        }
        #expect(
            rows("SELECT key, step, timestamp, round(1 / value), is_nan FROM metrics ORDER BY key, step") == [
                "a,1,11,3.0,0", "a,2,12,4.0,0", "a,3,13,5.0,0", "n,1,1,NULL,1",
            ])
        #expect(try await store.lastSteps(of: run) == ["a": 3, "n": 1])
        #expect(rows("SELECT step, timestamp FROM latest_metrics WHERE key = 'a'") == ["3,13"])
    }

    @Test("A data set used by two runs is stored once, with the context of each run")
    func datasets() async throws {
        let store = try LocalStore(folder: folder)
        for (key, context) in [("k", "train"), ("l", "test"), ("l", "test")] {
            let run = try await store.open(identity(key)).run
            try await store.log([DatasetInput(name: "n", digest: "d", source: "{}", context: context)], to: run)
        }
        #expect(rows("SELECT count(*) FROM datasets") == ["1"])
        #expect(
            rows(
                "SELECT runs.name, value FROM runs JOIN inputs ON destination_id = run_uuid JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid ORDER BY 1"
            ) == ["k,train", "l,test"])
    }

    @Test("A model is logged and registered once with its files, and an alias moves only to later versions")
    func models() async throws {
        let store = try LocalStore(folder: folder)
        try Data("weights".utf8).write(to: directory.url.appending(path: "model.safetensors"))
        let model = TrackedModel(
            files: ["model.safetensors"], task: "text", step: 9, time: 1_700_000_000_000, registered: "r",
            aliases: ["best"])
        for key in ["k", "k", "l", "k"] {
            let run = try await store.open(identity(key)).run
            try await store.put(model, from: directory.url.path(), key: key, of: run)
        }
        #expect(rows("SELECT status FROM logged_models") == ["2", "2"])
        #expect(rows("SELECT version, status FROM model_versions ORDER BY 1") == ["1,READY", "2,READY"])
        #expect(rows("SELECT alias, version FROM registered_model_aliases") == ["best,2"])
        #expect(rows("SELECT count(*) FROM inputs WHERE source_type = 'RUN_OUTPUT'") == ["2"])
        for location in rows("SELECT artifact_location FROM logged_models") {
            #expect(FileManager.default.contents(atPath: "\(location)/model.safetensors") == Data("weights".utf8))
            let description = String(
                decoding: try #require(FileManager.default.contents(atPath: "\(location)/MLmodel")), as: UTF8.self)
            #expect(description.contains("utc_time_created: \"2023-11-14 22:13:20"))
        }
    }

    @Test("An unreadable file is refused, and no empty file is stored")
    func unreadable() async throws {
        let store = try LocalStore(folder: folder)
        let run = try await store.open(identity("k")).run
        let error = await #expect(throws: MLflowError.self) {
            try await store.put(file: directory.url.path(), as: "a/b", of: run)
        }
        #expect(error?.description.contains("Is a directory") == true)
        #expect(!FileManager.default.fileExists(atPath: "\(run.artifactURI)/a/b"))
    }

    @Test("A run that is resumed after its end has the status RUNNING")
    func status() async throws {
        let store = try LocalStore(folder: folder)
        let run = try await store.open(identity("k")).run
        try await store.update(run, status: .killed, time: 7)
        #expect(rows("SELECT status, end_time FROM runs") == ["KILLED,7"])
        try await store.update(run, status: .running, time: 8)
        #expect(rows("SELECT status, end_time FROM runs") == ["RUNNING,NULL"])
    }
}
