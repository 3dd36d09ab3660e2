import JSON

/// A run as a server tells of it.
public struct Run: Sendable {
    /// How a run stands.
    public enum Status: String, Sendable, Equatable {
        case running = "RUNNING"
        /// It can go on, and will perhaps.
        case scheduled = "SCHEDULED"
        case finished = "FINISHED"
        case failed = "FAILED"
        case killed = "KILLED"

        /// Whether it has come to an end, for now.
        public var isEnd: Bool { self != .running && self != .scheduled }
    }

    /// What everything about it is asked by.
    public var id: String
    /// Its name.
    public var name: String
    /// The experiment it is part of.
    public var experimentID: String
    /// As MLflow spells it.
    public var status: String
    /// Where its artifacts are.
    public var artifactURI: String
    /// Settings.
    public var params: [String: String]
    /// Tags.
    public var tags: [String: String]
    /// The last point of every metric.
    public var metrics: [Metric]
    /// The data sets it used.
    public var datasets: [DatasetInput]
    /// The ids of the logged models it made.
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
