import JSON
import NIOHTTP1

extension MLflowClient {
    /// Makes a logged model, whose files follow.
    public func makeModel(
        experiment: String, name: String, run: String, tags: [KeyValue],
        params: [KeyValue] = []
    ) async throws -> LoggedModel {
        let answer = try await ask(.POST, "/logged-models") {
            $0.member("experiment_id", experiment)
            $0.member("name", name)
            $0.member("source_run_id", run)
            $0.pairs("params", params)
            $0.pairs("tags", tags)
        }
        return LoggedModel(answer["model"] ?? .null)
    }

    /// A logged model.
    public func model(_ id: String) async throws -> LoggedModel {
        LoggedModel(try await ask(.GET, "/logged-models/\(percentEncoded(id))")["model"] ?? .null)
    }

    /// The logged models of a run, the newest first.
    public func models(ofRun run: String, experiment: String) async throws -> [LoggedModel] {
        let filter = "source_run_id = \(try quoted(run))"
        let answer = try await ask(.POST, "/logged-models/search") {
            $0.key("experiment_ids")
            $0.array([experiment]) { $0.string($1) }
            $0.member("filter", filter)
        }
        return answer.array("models").map(LoggedModel.init)
    }

    /// All of a logged model's files are there.
    public func finish(model id: String) async throws {
        _ = try await ask(.PATCH, "/logged-models/\(percentEncoded(id))") {
            $0.member("model_id", id)
            $0.member("status", "LOGGED_MODEL_READY")
        }
    }

    /// Deletes a logged model.
    public func delete(model id: String) async throws {
        _ = try await ask(.DELETE, "/logged-models/\(percentEncoded(id))") { $0.member("model_id", id) }
    }

    /// Says that a run made a logged model; must not be said twice.
    public func log(run: String, model: String, step: Int) async throws {
        _ = try await ask(.POST, "/runs/outputs") {
            $0.member("run_id", run)
            $0.key("models")
            $0.array([model]) { json, model in
                json.object {
                    $0.member("model_id", model)
                    $0.member("step", step)
                }
            }
        }
    }

    /// Makes a registered model, unless there is one of this name.
    public func makeRegisteredModel(named name: String) async throws {
        do {
            _ = try await ask(.POST, "/registered-models/create") { $0.member("name", name) }
        } catch let error as MLflowError where error.isExisting {}
    }

    /// Registers a logged model.
    public func makeVersion(
        of name: String, model: LoggedModel, tags: [KeyValue]
    ) async throws -> ModelVersion {
        let answer = try await ask(.POST, "/model-versions/create") {
            $0.member("name", name)
            $0.member("source", "models:/\(model.id)")
            $0.member("run_id", model.runID)
            $0.member("model_id", model.id)
            $0.pairs("tags", tags)
        }
        return try ModelVersion(answer["model_version"] ?? .null)
    }

    /// The versions of a registered model that a run made.
    public func versions(of name: String, run: String) async throws -> [ModelVersion] {
        let filter = "name = \(try quoted(name)) and run_id = \(try quoted(run))"
        return try await ask(.GET, "/model-versions/search", query: [("filter", filter), ("max_results", "100")])
            .array("model_versions").map { try ModelVersion($0) }
    }

    /// Deletes a version of a registered model.
    public func delete(version: String, of name: String) async throws {
        _ = try await ask(.DELETE, "/model-versions/delete") {
            $0.member("name", name)
            $0.member("version", version)
        }
    }

    /// Points an alias at a version.
    public func setAlias(_ alias: String, of name: String, version: String) async throws {
        _ = try await ask(.POST, "/registered-models/alias") {
            $0.member("name", name)
            $0.member("alias", alias)
            $0.member("version", version)
        }
    }

    /// The version that an alias points at.
    public func version(of name: String, alias: String) async throws -> ModelVersion {
        let answer = try await ask(.GET, "/registered-models/alias", query: [("name", name), ("alias", alias)])
        return try ModelVersion(answer["model_version"] ?? .null)
    }

    /// Where a version's files are.
    public func artifactURI(of name: String, version: String) async throws -> String {
        try await ask(.GET, "/model-versions/get-download-uri", query: [("name", name), ("version", version)])
            .string("artifact_uri")
    }
}
