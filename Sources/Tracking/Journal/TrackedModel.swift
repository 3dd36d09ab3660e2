import JSON

/// A checkpoint to log as a model and, optionally, to register.
public struct TrackedModel: Sendable, Equatable {
    /// The name within the run, as in `runs:/ID/NAME`.
    public var name: String
    /// The paths of the files relative to the run's directory. The artifacts are named by the last component of each
    /// path.
    public var files: [String]
    /// The task of the checkpoint, such as `sequence-labelling`.
    public var task: String
    /// The number of steps taken.
    public var step: Int
    /// The creation time in milliseconds since 1970.
    public var time: Int
    /// The registered model of which the checkpoint becomes a version; `nil` to register none.
    public var registered: String?
    /// The aliases that are moved to this version.
    public var aliases: [String]

    /// Creates a description of a checkpoint.
    public init(
        name: String = "model", files: [String], task: String, step: Int, time: Int, registered: String? = nil,
        aliases: [String] = []
    ) {
        self.name = name
        self.files = files
        self.task = task
        self.step = step
        self.time = time
        self.registered = registered
        self.aliases = aliases
    }

    init?(_ json: JSONValue) {
        guard case .object(let members) = json, case .string(let name)? = members["name"],
            case .array(let files)? = members["files"], case .string(let task)? = members["task"],
            case .number(let step)? = members["step"], case .number(let time)? = members["time"],
            case .array(let aliases)? = members["aliases"]
        else { return nil }
        func texts(_ values: [JSONValue]) -> [String] {
            values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        var registered: String?
        if case .string(let text)? = members["registered"] { registered = text }
        self.init(
            name: name, files: texts(files), task: task, step: Int(exactly: step) ?? 0, time: Int(exactly: time) ?? 0,
            registered: registered, aliases: texts(aliases))
    }

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("name", name)
            $0.key("files")
            $0.array(files) { $0.string($1) }
            $0.member("task", task)
            $0.member("step", step)
            $0.member("time", time)
            if let registered { $0.member("registered", registered) }
            $0.key("aliases")
            $0.array(aliases) { $0.string($1) }
        }
    }
}
