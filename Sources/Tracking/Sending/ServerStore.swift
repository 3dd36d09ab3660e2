package import MLflow
import Training

/// An MLflow server as a store of runs.
package struct ServerStore: TrackingStore {
    private let client: MLflowClient

    package init(_ client: MLflowClient) {
        self.client = client
    }

    package func open(_ identity: RunIdentity) async throws -> StoredRun {
        let experiment = try await client.makeExperiment(named: identity.experiment)
        if let run = try await run(identity.key, experiment: experiment) { return run }
        var tags = [KeyValue(RunIdentity.keyTag, identity.key)] + identity.tags
        if let parent = identity.parent {
            guard let run = try await run(parent, experiment: experiment) else {
                throw MLflowError.unreachable(
                    request: "the run \(identity.name)", reason: "the run it is a part of is not there yet")
            }
            tags.append(KeyValue(RunIdentity.parentTag, run.id))
        }
        let run = try await client.makeRun(
            experiment: experiment, name: identity.name, start: identity.start, tags: tags)
        return StoredRun(id: run.id, experiment: experiment, artifactURI: run.artifactURI)
    }

    private func run(_ key: String, experiment: String) async throws -> StoredRun? {
        try await client.runs(experiments: [experiment], filter: "tags.`\(RunIdentity.keyTag)` = '\(key)'", limit: 1)
            .first.map { StoredRun(id: $0.id, experiment: experiment, artifactURI: $0.artifactURI) }
    }

    package func recorded(_ metric: String, of run: StoredRun) async throws -> [Metric] {
        try await client.history(of: metric, run: run.id)
    }

    package func log(_ batch: LogBatch, to run: StoredRun) async throws {
        try await client.log(run: run.id, metrics: batch.metrics, params: batch.params, tags: batch.tags)
    }

    package func log(_ datasets: [DatasetInput], to run: StoredRun) async throws {
        try await client.log(run: run.id, datasets: datasets)
    }

    package func takesFiles(of run: StoredRun) -> Bool { client.servesArtifacts(at: run.artifactURI) }

    package func put(file: String, as path: String, of run: StoredRun) async throws {
        try await client.upload(file: file, to: path, at: run.artifactURI)
    }

    package func put(_ tracked: TrackedModel, from directory: String, key: String, of run: StoredRun) async throws {
        let tag = KeyValue(RunIdentity.keyTag, key)
        let there = try await client.models(ofRun: run.id, experiment: run.experiment)
        var model = there.first { $0.name == tracked.name && $0.tags[tag.key] == key }
        if model == nil {
            model = try await client.makeModel(
                experiment: run.experiment, name: tracked.name, run: run.id, tags: [tag],
                params: [KeyValue("task", tracked.task)])
        }
        guard let model else { return }
        for file in tracked.files {
            try await client.upload(file: "\(directory)/\(file)", to: file.lastPathComponent, at: model.artifactURI)
        }
        let description = try ModelDescription(tracked, from: directory, id: model.id, run: run)
        try await client.upload(description.yaml, to: ModelDescription.fileName, at: model.artifactURI)
        try await client.finish(model: model.id)
        if try await !client.run(run.id).modelIDs.contains(model.id) {
            try await client.log(run: run.id, model: model.id, step: tracked.step)
        }
        guard let name = tracked.registered else { return }
        try await client.makeRegisteredModel(named: name)
        var version = try await client.versions(of: name, run: run.id).first { $0.tags[tag.key] == key }
        if version == nil { version = try await client.makeVersion(of: name, model: model, tags: [tag]) }
        guard let version else { return }
        for alias in tracked.aliases { try await client.setAlias(alias, of: name, version: version.version) }
    }

    package func update(_ run: StoredRun, status: Run.Status, time: Int) async throws {
        try await client.update(run: run.id, status: status, end: status == .running ? nil : time)
    }
}
