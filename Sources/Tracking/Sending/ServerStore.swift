import Checkpoint
package import MLflow

/// An MLflow server as a store of runs.
package struct ServerStore: TrackingStore {
    private let client: MLflowClient
    /// The policy for one of several related requests. Retrying all of them from the start might never succeed.
    private static let patience = RetryPolicy(attempts: 8, first: .milliseconds(250), longest: .seconds(5))

    package init(_ client: MLflowClient) {
        self.client = client
    }

    package func open(_ identity: RunIdentity) async throws -> (run: StoredRun, isNew: Bool) {
        let experiment = try await client.makeExperiment(named: identity.experiment)
        if let run = try await run(identity.key, experiment: experiment) { return (run, false) }
        var tags = [KeyValue(RunIdentity.keyTag, identity.key)] + identity.tags
        if let parent = identity.parent {
            guard let run = try await run(parent, experiment: experiment) else {
                throw MLflowError.unreachable(
                    request: "the run \(identity.name)", reason: "its parent run does not exist yet")
            }
            tags.append(KeyValue(RunIdentity.parentTag, run.id))
        }
        let made = try await client.makeRun(
            experiment: experiment, name: identity.name, start: identity.start, tags: tags)
        let there = try await runs(identity.key, experiment: experiment)
        let run = await Self.first(of: there, made) { try await client.delete(run: $0.id) }
        return (StoredRun(id: run.id, experiment: experiment, artifactURI: run.artifactURI), true)
    }

    private func run(_ key: String, experiment: String) async throws -> StoredRun? {
        try await runs(key, experiment: experiment).first
            .map { StoredRun(id: $0.id, experiment: experiment, artifactURI: $0.artifactURI) }
    }

    /// Returns the runs with a key, in a fixed order. There should be at most one.
    private func runs(_ key: String, experiment: String) async throws -> [Run] {
        try await client.runs(experiments: [experiment], filter: "tags.`\(RunIdentity.keyTag)` = '\(key)'", limit: 10)
    }

    /// Keeps one of several copies. If the answer to a request was lost, the request may have taken effect after the
    /// search and before the retry.
    ///
    /// - Parameters:
    ///   - there: The copies found after `made` was created.
    ///   - made: The copy that was created because none had been found.
    ///   - delete: A closure that deletes a copy. If it fails, the surplus copy remains, which does no harm.
    /// - Returns: The first copy found.
    private static func first<Thing>(
        of there: [Thing], _ made: Thing, delete: (Thing) async throws -> Void
    ) async -> Thing {
        for surplus in there.dropFirst() { try? await delete(surplus) }
        return there.first ?? made
    }

    package func lastSteps(of run: StoredRun) async throws -> [String: Int] {
        // The server returns a run with the last point of each metric.
        try await client.run(run.id).metrics.reduce(into: [:]) { $0[$1.key] = $1.step }
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
        let model = try await Self.patience.retrying {
            func there() async throws -> [LoggedModel] {
                try await client.models(ofRun: run.id, experiment: run.experiment)
                    .filter { $0.name == tracked.name && $0.tags[tag.key] == key }.reversed()
            }
            if let model = try await there().first { return model }
            let made = try await client.makeModel(
                experiment: run.experiment, name: tracked.name, run: run.id, tags: [tag],
                params: [KeyValue("task", tracked.task)])
            return await Self.first(of: try await there(), made) { try await client.delete(model: $0.id) }
        }
        for file in tracked.files {
            try await Self.patience.retrying {
                try await client.upload(file: "\(directory)/\(file)", to: file.lastPathComponent, at: model.artifactURI)
            }
        }
        let description = try ModelDescription(tracked, from: directory, id: model.id, run: run).yaml
        try await Self.patience.retrying {
            try await client.upload(description, to: ModelDescription.fileName, at: model.artifactURI)
        }
        try await Self.patience.retrying { try await client.finish(model: model.id) }
        try await Self.patience.retrying {
            if try await client.run(run.id).modelIDs.contains(model.id) { return }
            try await client.log(run: run.id, model: model.id, step: tracked.step)
        }
        guard let name = tracked.registered else { return }
        try await Self.patience.retrying { try await client.makeRegisteredModel(named: name) }
        let version = try await Self.patience.retrying {
            func there() async throws -> [ModelVersion] {
                try await client.versions(of: name, run: run.id).filter { $0.tags[tag.key] == key }
                    .sorted { (Int($0.version) ?? 0) < (Int($1.version) ?? 0) }
            }
            if let version = try await there().first { return version }
            let made = try await client.makeVersion(of: name, model: model, tags: [tag])
            return await Self.first(of: try await there(), made) {
                try await client.delete(version: $0.version, of: name)
            }
        }
        for alias in tracked.aliases {
            try await Self.patience.retrying {
                // Sending a run again must not move an alias back from a later version.
                if let there = try await self.version(of: name, alias: alias), let number = Int(version.version),
                    there > number
                {
                    return
                }
                try await client.setAlias(alias, of: name, version: version.version)
            }
        }
    }

    /// Returns the version that an alias points to; `nil` if there is no such alias, for which MLflow has no error code
    /// of its own.
    private func version(of name: String, alias: String) async throws -> Int? {
        do {
            return Int(try await client.version(of: name, alias: alias).version)
        } catch let error as MLflowError where !error.isTransient {
            return nil
        }
    }

    package func update(_ run: StoredRun, status: Run.Status, time: Int) async throws {
        try await client.update(run: run.id, status: status, end: status.isEnd ? time : nil)
    }
}
