import JSON

/// A logged model of a run (MLflow 3).
public struct LoggedModel: Sendable, Equatable {
    /// Identifier, such as `m-0123…`.
    public var id: String
    /// Name within the run.
    public var name: String
    /// URI of the model's files.
    public var artifactURI: String
    /// Status, such as `LOGGED_MODEL_READY`.
    public var status: String
    /// Identifier of the run that logged the model.
    public var runID: String
    /// Tags by name.
    public var tags: [String: String]

    /// Creates a logged model.
    package init(id: String, name: String, artifactURI: String, status: String, runID: String, tags: [String: String]) {
        self.id = id
        self.name = name
        self.artifactURI = artifactURI
        self.status = status
        self.runID = runID
        self.tags = tags
    }

    init(_ json: JSONValue) {
        let info = json["info"] ?? .null
        self.init(
            id: info.string("model_id"), name: info.string("name"), artifactURI: info.string("artifact_uri"),
            status: info.string("status"), runID: info.string("source_run_id"), tags: info.pairs("tags"))
    }
}
