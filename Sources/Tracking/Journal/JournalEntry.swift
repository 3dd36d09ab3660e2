package import JSON
public import MLflow

/// One entry of a journal, stored as a line of JSON.
public enum JournalEntry: Sendable, Equatable {
    /// The start of the run; always the first entry.
    case begin(RunIdentity)
    /// Parameters of the run.
    case params([KeyValue])
    /// Tags of the run.
    case tags([KeyValue])
    /// Data sets that the run uses.
    case datasets([DatasetInput])
    /// Metrics of one step.
    case metrics([Metric])
    /// An artifact: its path among the artifacts, and the file's path relative to the run's directory.
    case artifact(path: String, file: String)
    /// The trained checkpoint.
    case model(TrackedModel)
    /// The status of the run from a time on, in milliseconds since 1970.
    case status(Run.Status, time: Int)

    /// The entry as JSON without a line break.
    package var line: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            switch self {
            case .begin(let identity):
                json.key("begin")
                identity.write(to: &json)
            case .params(let pairs): json.member("params", pairs)
            case .tags(let pairs): json.member("tags", pairs)
            case .datasets(let datasets):
                json.key("datasets")
                json.array(datasets) { $1.write(to: &$0) }
            case .metrics(let points):
                json.member("step", points.first?.step ?? 0)
                json.member("time", points.first?.timestamp ?? 0)
                json.key("metrics")
                json.object { json in
                    for point in points {
                        json.key(point.key)
                        json.metricValue(point.value)
                    }
                }
            case .artifact(let path, let file):
                json.member("artifact", path)
                json.member("file", file)
            case .model(let model):
                json.key("model")
                model.write(to: &json)
            case .status(let status, let time):
                json.member("status", status.rawValue)
                json.member("time", time)
            }
        }
        return json.bytes
    }

    /// Parses a line.
    ///
    /// - Throws: `JSONSyntaxError` if the line is not one that ``line`` produces.
    package init(line: [UInt8]) throws(JSONSyntaxError) {
        let json = try JSONValue(parsing: line)
        guard case .object(let members) = json, let entry = Self.read(members) else {
            throw JSONReader(line).fault("expected an entry of a journal")
        }
        self = entry
    }

    private static func read(_ members: [JSONKey: JSONValue]) -> JournalEntry? {
        func text(_ name: String) -> String? {
            if case .string(let text)? = members[JSONKey(name)] { text } else { nil }
        }
        func integer(_ name: String) -> Int? {
            if case .number(let number)? = members[JSONKey(name)] { Int(exactly: number) } else { nil }
        }
        if let begin = members["begin"] { return RunIdentity(begin).map(JournalEntry.begin) }
        if let params = members["params"] { return KeyValue.list(params).map(JournalEntry.params) }
        if let tags = members["tags"] { return KeyValue.list(tags).map(JournalEntry.tags) }
        if case .array(let datasets)? = members["datasets"] { return .datasets(datasets.map(DatasetInput.init)) }
        if case .object(let values)? = members["metrics"], let step = integer("step"), let time = integer("time") {
            return .metrics(
                values.sorted { $0.key.text < $1.key.text }.map { key, value in
                    Metric(key: key.text, value: number(value), timestamp: time, step: step)
                })
        }
        if let path = text("artifact"), let file = text("file") { return .artifact(path: path, file: file) }
        if let model = members["model"] { return TrackedModel(model).map(JournalEntry.model) }
        if let status = text("status").flatMap(Run.Status.init), let time = integer("time") {
            return .status(status, time: time)
        }
        return nil
    }

    private static func number(_ value: JSONValue) -> Double {
        switch value {
        case .number(let number): number
        case .string(let text): Double(text) ?? .nan
        default: .nan
        }
    }
}

extension KeyValue {
    /// Parses a list of pairs of strings; `nil` if the value is not a list.
    static func list(_ json: JSONValue) -> [KeyValue]? {
        guard case .array(let pairs) = json else { return nil }
        return pairs.compactMap { pair in
            guard case .array(let parts) = pair, parts.count == 2, case .string(let key) = parts[0],
                case .string(let value) = parts[1]
            else { return nil }
            return KeyValue(key, value)
        }
    }
}

extension JSONWriter {
    /// Writes a member such as `"name":[["key","value"]]`.
    mutating func member(_ name: String, _ pairs: [KeyValue]) {
        key(name)
        array(pairs) { json, pair in json.array([pair.key, pair.value]) { $0.string($1) } }
    }
}
