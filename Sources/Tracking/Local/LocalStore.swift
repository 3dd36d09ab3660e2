import Checkpoint
import FoundationEssentials
import Glibc
package import MLflow

/// A folder as a tracking store: `mlflow.db`, an SQLite database with the tables of MLflow 3.18, and the artifacts
/// beside it.
///
/// `mlflow ui --backend-store-uri sqlite:///FOLDER/mlflow.db` displays the folder, and MLflow's client can read and
/// write it. The content is the same as MLflow's `SqlAlchemyStore` writes.
package actor LocalStore: TrackingStore {
    /// The absolute path of the folder.
    private let folder: String
    private let database: SQLiteDatabase

    /// The revision of MLflow 3.18's last database migration.
    package static let revision = "f4a9b2c7d1e6"
    private static let active = "active"
    private static let workspace = "default"

    /// Opens a folder, or creates it.
    ///
    /// - Throws: `MLflowError` if the folder cannot be written to, or if it holds the database of another MLflow
    ///   version.
    package init(folder: String) throws(MLflowError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .file(path: folder, reason: "creating the directory failed: \(FileFailure.reason(error))")
        }
        guard let resolved = unsafe realpath(folder, nil) else {
            throw .file(path: folder, reason: FileFailure.reason(errno))
        }
        self.folder = unsafe String(cString: resolved)
        unsafe free(resolved)
        database = try SQLiteDatabase(path: "\(self.folder)/mlflow.db")
        try Self.prepare(database, folder: self.folder)
    }

    /// Creates the tables of an empty database, and the default experiment that MLflow expects.
    private static func prepare(_ database: SQLiteDatabase, folder: String) throws(MLflowError) {
        try database.transaction { () throws(MLflowError) in
            if try database.run("SELECT 1 FROM sqlite_master LIMIT 1").isEmpty {
                try database.execute(String(decoding: PackageResources.schema_sql, as: UTF8.self))
            }
            let found = try database.run("SELECT version_num FROM alembic_version").first?.first?.string ?? "none"
            guard found == revision else {
                throw .unusable(
                    "\(folder)/mlflow.db has MLflow's tables in revision \(found); expected revision \(revision), that of MLflow 3.18. Run mlflow db upgrade, choose another folder with --tracking-uri, or start an MLflow server with this database."
                )
            }
            if try database.run("SELECT 1 FROM experiments LIMIT 1").isEmpty {
                try insertExperiment(named: "Default", id: 0, into: database, folder: folder)
            }
        }
    }

    private static func insertExperiment(
        named name: String, id: Int, into database: SQLiteDatabase, folder: String
    ) throws(MLflowError) {
        let time = SQLiteDatabase.Value.integer(milliseconds())
        try database.run(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [.integer(id), .text(name), .text("\(folder)/\(id)"), .text(active), time, time, .text(workspace)])
    }

    package func open(_ identity: RunIdentity) throws -> (run: StoredRun, isNew: Bool) {
        try database.transaction { () throws(MLflowError) in
            let experiment = try experiment(named: identity.experiment)
            if let run = try run(identity.key, experiment: experiment) { return (run, false) }
            var tags = [KeyValue(RunIdentity.keyTag, identity.key)] + identity.tags
            if let parent = identity.parent {
                guard let run = try run(parent, experiment: experiment) else {
                    throw .unreachable(
                        request: "the run \(identity.name)", reason: "its parent run does not exist yet")
                }
                tags.append(KeyValue(RunIdentity.parentTag, run.id))
            }
            let id = Self.identifier()
            let run = StoredRun(
                id: id, experiment: "\(experiment)", artifactURI: "\(folder)/\(experiment)/\(id)/artifacts")
            try database.run(
                "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage, artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', '', '', ?, 'RUNNING', ?, '', ?, ?, ?)",
                [
                    .text(run.id), .text(identity.name),
                    .text(identity.tags.first { $0.key == "mlflow.user" }?.value ?? "unknown"),
                    .integer(identity.start),
                    .text(Self.active), .text(run.artifactURI), .integer(experiment),
                ])
            tags.append(KeyValue("mlflow.runName", identity.name))
            try setTags(tags, of: run.id)
            return (run, true)
        }
    }

    private func experiment(named name: String) throws(MLflowError) -> Int {
        let found = try database.run(
            "SELECT experiment_id, lifecycle_stage FROM experiments WHERE name = ? AND workspace = ?",
            [.text(name), .text(Self.workspace)])
        if let row = found.first {
            guard row[1].string == Self.active else {
                throw .unusable(
                    "the experiment \(name.debugDescription) in \(folder) is deleted. Choose another --experiment.")
            }
            return row[0].int
        }
        let id = try database.run("SELECT coalesce(max(experiment_id), 0) + 1 FROM experiments").first?.first?.int ?? 1
        try Self.insertExperiment(named: name, id: id, into: database, folder: folder)
        return id
    }

    private func run(_ key: String, experiment: Int) throws(MLflowError) -> StoredRun? {
        try database.run(
            "SELECT runs.run_uuid, artifact_uri FROM runs JOIN tags ON tags.run_uuid = runs.run_uuid WHERE experiment_id = ? AND lifecycle_stage = ? AND tags.key = ? AND tags.value = ?",
            [.integer(experiment), .text(Self.active), .text(RunIdentity.keyTag), .text(key)]
        ).first.map { StoredRun(id: $0[0].string, experiment: "\(experiment)", artifactURI: $0[1].string) }
    }

    package func lastSteps(of run: StoredRun) throws -> [String: Int] {
        try database.run("SELECT key, max(step) FROM metrics WHERE run_uuid = ? GROUP BY key", [.text(run.id)])
            .reduce(into: [:]) { $0[$1[0].string] = $1[1].int }
    }

    package func log(_ batch: LogBatch, to run: StoredRun) throws {
        try database.transaction { () throws(MLflowError) in
            for param in batch.params {
                try database.run(
                    "INSERT OR IGNORE INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
                    [.text(param.key), .text(param.value), .text(run.id)])
            }
            try setTags(batch.tags, of: run.id)
            for metric in batch.metrics {
                let isNaN = metric.value.isNaN
                let value = isNaN ? 0 : max(-.greatestFiniteMagnitude, min(metric.value, .greatestFiniteMagnitude))
                let values: [SQLiteDatabase.Value] = [
                    .text(metric.key), .real(value), .integer(metric.timestamp), .integer(metric.step),
                    .integer(isNaN ? 1 : 0), .text(run.id),
                ]
                try database.run(
                    "INSERT OR IGNORE INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)",
                    values)
                try database.run(
                    """
                    INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp,
                    step = excluded.step, is_nan = excluded.is_nan
                    WHERE (excluded.step, excluded.timestamp, excluded.value) > (step, timestamp, value)
                    """, values)
            }
        }
    }

    private func setTags(_ tags: [KeyValue], of run: String) throws(MLflowError) {
        for tag in tags {
            try database.run(
                "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?) ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value",
                [.text(tag.key), .text(tag.value), .text(run)])
        }
    }

    package func log(_ datasets: [DatasetInput], to run: StoredRun) throws {
        try database.transaction { () throws(MLflowError) in
            for dataset in datasets {
                let experiment = SQLiteDatabase.Value.integer(Int(run.experiment) ?? 0)
                try database.run(
                    "INSERT OR IGNORE INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        .text(Self.identifier()), experiment, .text(dataset.name), .text(dataset.digest),
                        .text(dataset.sourceType), .text(dataset.source), .text(dataset.schema), .text(dataset.profile),
                    ])
                let id =
                    try database.run(
                        "SELECT dataset_uuid FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?",
                        [experiment, .text(dataset.name), .text(dataset.digest)]
                    ).first?.first ?? .null
                let input = Self.identifier()
                try database.run(
                    "INSERT OR IGNORE INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES (?, 'DATASET', ?, 'RUN', ?)",
                    [.text(input), id, .text(run.id)])
                for tag in dataset.tags {
                    try database.run(
                        "INSERT INTO input_tags (input_uuid, name, value) SELECT input_uuid, ?, ? FROM inputs WHERE input_uuid = ?",
                        [.text(tag.key), .text(tag.value), .text(input)])
                }
            }
        }
    }

    package nonisolated func takesFiles(of run: StoredRun) -> Bool { true }

    package func put(file: String, as path: String, of run: StoredRun) throws {
        try FileCopy.place(file, at: "\(run.artifactURI)/\(path)")
    }

    package func put(_ tracked: TrackedModel, from directory: String, key: String, of run: StoredRun) throws {
        let model = try database.transaction { () throws(MLflowError) in try self.model(tracked, key: key, of: run) }
        for file in tracked.files {
            try FileCopy.place("\(directory)/\(file)", at: "\(model.artifactURI)/\(file.lastPathComponent)")
        }
        let description = try ModelDescription(tracked, from: directory, id: model.id, run: run)
        try FileCopy.write(description.yaml, to: "\(model.artifactURI)/\(ModelDescription.fileName)")
        try database.transaction { () throws(MLflowError) in
            try database.run(
                "UPDATE logged_models SET status = 2, last_updated_timestamp_ms = ? WHERE model_id = ?",
                [.integer(Self.milliseconds()), .text(model.id)])
            try database.run(
                "INSERT OR IGNORE INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step) VALUES (?, 'RUN_OUTPUT', ?, 'MODEL_OUTPUT', ?, ?)",
                [.text(Self.identifier()), .text(run.id), .text(model.id), .integer(tracked.step)])
            if let name = tracked.registered { try register(model, as: name, aliases: tracked.aliases, key: key) }
        }
    }

    private func model(_ tracked: TrackedModel, key: String, of run: StoredRun) throws(MLflowError) -> LoggedModel {
        let found = try database.run(
            "SELECT logged_models.model_id, artifact_location FROM logged_models JOIN logged_model_tags ON logged_model_tags.model_id = logged_models.model_id WHERE source_run_id = ? AND name = ? AND tag_key = ? AND tag_value = ?",
            [.text(run.id), .text(tracked.name), .text(RunIdentity.keyTag), .text(key)])
        func model(_ id: String, _ location: String) -> LoggedModel {
            LoggedModel(id: id, name: tracked.name, artifactURI: location, status: "", runID: run.id, tags: [:])
        }
        if let row = found.first { return model(row[0].string, row[1].string) }
        let id = "m-\(Self.identifier())"
        let location = "\(folder)/\(run.experiment)/models/\(id)/artifacts"
        let time = SQLiteDatabase.Value.integer(Self.milliseconds())
        let experiment = SQLiteDatabase.Value.integer(Int(run.experiment) ?? 0)
        try database.run(
            "INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage, source_run_id) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)",
            [
                .text(id), experiment, .text(tracked.name), .text(location), time, time, .text(Self.active),
                .text(run.id),
            ])
        try database.run(
            "INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)",
            [.text(id), experiment, .text(RunIdentity.keyTag), .text(key)])
        try database.run(
            "INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?, ?, 'task', ?)",
            [.text(id), experiment, .text(tracked.task)])
        return model(id, location)
    }

    private func register(_ model: LoggedModel, as name: String, aliases: [String], key: String) throws(MLflowError) {
        let time = SQLiteDatabase.Value.integer(Self.milliseconds())
        let names: [SQLiteDatabase.Value] = [.text(name), .text(Self.workspace)]
        try database.run(
            "INSERT OR IGNORE INTO registered_models (name, creation_time, last_updated_time, workspace) VALUES (?, ?, ?, ?)",
            [.text(name), time, time, .text(Self.workspace)])
        var version = try database.run(
            "SELECT version FROM model_version_tags WHERE name = ? AND workspace = ? AND key = ? AND value = ?",
            names + [.text(RunIdentity.keyTag), .text(key)]
        ).first?.first
        if version == nil {
            let next =
                try database.run(
                    "SELECT coalesce(max(version), 0) + 1 FROM model_versions WHERE name = ? AND workspace = ?", names
                ).first?.first ?? .integer(1)
            try database.run(
                "INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, run_id, status, storage_location, workspace) VALUES (?, ?, ?, ?, 'None', ?, ?, 'READY', ?, ?)",
                [
                    .text(name), next, time, time, .text("models:/\(model.id)"), .text(model.runID),
                    .text(model.artifactURI), .text(Self.workspace),
                ])
            try database.run(
                "INSERT INTO model_version_tags (key, value, name, version, workspace) VALUES (?, ?, ?, ?, ?)",
                [.text(RunIdentity.keyTag), .text(key), .text(name), next, .text(Self.workspace)])
            version = next
        }
        guard let version else { return }
        for alias in aliases {
            try database.run(
                "INSERT INTO registered_model_aliases (alias, version, name, workspace) VALUES (?, ?, ?, ?) ON CONFLICT (workspace, name, alias) DO UPDATE SET version = excluded.version WHERE excluded.version > version",
                [.text(alias), version, .text(name), .text(Self.workspace)])
        }
    }

    package func update(_ run: StoredRun, status: Run.Status, time: Int) throws {
        let end = status.isEnd ? SQLiteDatabase.Value.integer(time) : .null
        try database.run(
            "UPDATE runs SET status = ?, end_time = ? WHERE run_uuid = ?",
            [.text(status.rawValue), end, .text(run.id)])
    }

    /// Returns 32 random hexadecimal digits, the form of MLflow's ids.
    private static func identifier() -> String { RunKey.random() }

    private static func milliseconds() -> Int { Timestamp.now() }
}
