import JSON
import NIOHTTP1

extension MLflowClient {
    /// Creates a logged model, to which files can then be uploaded.
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

    /// Returns a logged model.
    public func model(_ id: String) async throws -> LoggedModel {
        LoggedModel(try await ask(.GET, "/logged-models/\(percentEncoded(id))")["model"] ?? .null)
    }

    /// Returns the logged models of a run, newest first.
    public func models(ofRun run: String, experiment: String) async throws -> [LoggedModel] {
        let filter = "source_run_id = \(try quoted(run))"
        let answer = try await ask(.POST, "/logged-models/search") {
            $0.key("experiment_ids")
            $0.array([experiment]) { $0.string($1) }
            $0.member("filter", filter)
        }
        return answer.array("models").map(LoggedModel.init)
    }

    /// Marks a logged model as ready, after all its files have been uploaded.
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

    /// Records a logged model as an output of a run; call it only once for each pair.
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

    /// Creates a registered model, unless one with this name exists.
    public func makeRegisteredModel(named name: String) async throws {
        do {
            _ = try await ask(.POST, "/registered-models/create") { $0.member("name", name) }
        } catch let error as MLflowError where error.isExisting {}
    }

    /// Registers a logged model as a new version of a registered model.
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

    /// Returns the versions of a registered model that come from a run.
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

    /// Sets an alias of a registered model to a version.
    public func setAlias(_ alias: String, of name: String, version: String) async throws {
        _ = try await ask(.POST, "/registered-models/alias") {
            $0.member("name", name)
            $0.member("alias", alias)
            $0.member("version", version)
        }
    }

    /// Returns the version to which an alias points.
    public func version(of name: String, alias: String) async throws -> ModelVersion {
        let answer = try await ask(.GET, "/registered-models/alias", query: [("name", name), ("alias", alias)])
        return try ModelVersion(answer["model_version"] ?? .null)
    }

    /// Returns the URI of the files of a version.
    public func artifactURI(of name: String, version: String) async throws -> String {
        try await ask(.GET, "/model-versions/get-download-uri", query: [("name", name), ("version", version)])
            .string("artifact_uri")
    }
}
