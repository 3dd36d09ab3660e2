import JSON

/// A checkpoint to be logged, and perhaps registered.
public struct TrackedModel: Sendable, Equatable {
    /// Its name within the run: `runs:/ID/NAME` finds it.
    public var name: String
    /// Its files, their paths below the run's directory; each is called by its last part.
    public var files: [String]
    /// What it does, such as `sequence-labelling`.
    public var task: String
    /// Steps taken.
    public var step: Int
    /// Milliseconds since 1970.
    public var time: Int
    /// The registered model that it becomes a version of.
    public var registered: String?
    /// Aliases that then point at this version.
    public var aliases: [String]

    /// A checkpoint.
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
