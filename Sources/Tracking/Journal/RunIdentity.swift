import JSON
public import MLflow

/// The identity of a tracked run, and the properties with which it is created.
public struct RunIdentity: Sendable, Equatable {
    /// The unique key of the run, stored in its tag ``keyTag``.
    public var key: String
    /// The name of the experiment.
    public var experiment: String
    /// The name of the run.
    public var name: String
    /// The start time in milliseconds since 1970.
    public var start: Int
    /// The key of the parent run in the same experiment; `nil` if there is no parent.
    public var parent: String?
    /// The tags with which the run is created.
    public var tags: [KeyValue]

    /// The name of the tag that holds ``key``.
    public static let keyTag = "rubricator.run_key"
    /// The name of MLflow's tag for the id of the parent run.
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
