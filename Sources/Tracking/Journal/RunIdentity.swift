import JSON
public import MLflow

/// What a run is found again by, and what it is made with.
public struct RunIdentity: Sendable, Equatable {
    /// Unique; the run's tag ``keyTag``.
    public var key: String
    /// Its experiment's name.
    public var experiment: String
    /// Its own name.
    public var name: String
    /// Milliseconds since 1970.
    public var start: Int
    /// The key of the run that it is a part of, in the same experiment.
    public var parent: String?
    /// Tags that it begins with.
    public var tags: [KeyValue]

    /// The tag that holds ``key``.
    public static let keyTag = "rubricator.run_key"
    /// MLflow's tag for the id of the run that a run is a part of.
    static let parentTag = "mlflow.parentRunId"

    package init(key: String, experiment: String, name: String, start: Int, parent: String?, tags: [KeyValue]) {
        self.key = key
        self.experiment = experiment
        self.name = name
        self.start = start
        self.parent = parent
        self.tags = tags
    }

    init?(_ json: JSONValue) {
        guard case .object(let members) = json, case .string(let key)? = members["key"],
            case .string(let experiment)? = members["experiment"], case .string(let name)? = members["name"],
            case .number(let start)? = members["start"], let tags = members["tags"].flatMap(KeyValue.list)
        else { return nil }
        var parent: String?
        if case .string(let text)? = members["parent"] { parent = text }
        self.init(
            key: key, experiment: experiment, name: name, start: Int(exactly: start) ?? 0, parent: parent, tags: tags)
    }

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("key", key)
            $0.member("experiment", experiment)
            $0.member("name", name)
            $0.member("start", start)
            if let parent { $0.member("parent", parent) }
            $0.member("tags", tags)
        }
    }
}
