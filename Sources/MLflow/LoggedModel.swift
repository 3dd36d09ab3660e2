import JSON

/// A model that a run logged (MLflow 3).
public struct LoggedModel: Sendable, Equatable {
    /// Such as `m-0123…`.
    public var id: String
    /// The name within the run.
    public var name: String
    /// Where its files are.
    public var artifactURI: String
    /// Such as `LOGGED_MODEL_READY`.
    public var status: String
    /// The run that made it.
    public var runID: String
    /// Tags.
    public var tags: [String: String]

    /// A model.
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
