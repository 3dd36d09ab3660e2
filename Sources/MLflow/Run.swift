import JSON

/// A run as a server describes it.
public struct Run: Sendable {
    /// The status of a run.
    public enum Status: String, Sendable, Equatable {
        case running = "RUNNING"
        /// Paused, and may continue later.
        case scheduled = "SCHEDULED"
        case finished = "FINISHED"
        case failed = "FAILED"
        case killed = "KILLED"

        /// Whether the run has ended; a run that failed or was killed may still be resumed.
        public var isEnd: Bool { self != .running && self != .scheduled }
    }

    /// Identifier.
    public var id: String
    /// Name.
    public var name: String
    /// Identifier of the experiment.
    public var experimentID: String
    /// Status as MLflow spells it, such as `FINISHED`.
    public var status: String
    /// URI of the run's artifacts.
    public var artifactURI: String
    /// Parameters by name.
    public var params: [String: String]
    /// Tags by name.
    public var tags: [String: String]
    /// Last point of every metric.
    public var metrics: [Metric]
    /// Data sets that the run used.
    public var datasets: [DatasetInput]
    /// Identifiers of the models that the run logged.
    public var modelIDs: [String]

    init(_ json: JSONValue) {
        let info = json["info"] ?? .null
        let data = json["data"] ?? .null
        id = info.string("run_id")
        name = info.string("run_name")
        experimentID = info.string("experiment_id")
        status = info.string("status")
        artifactURI = info.string("artifact_uri")
        params = data.pairs("params")
        tags = data.pairs("tags")
        metrics = data.array("metrics").map(Metric.init)
        datasets = (json["inputs"] ?? .null).array("dataset_inputs").map(DatasetInput.init)
        modelIDs = (json["outputs"] ?? .null).array("model_outputs").map { $0.string("model_id") }
    }
}
