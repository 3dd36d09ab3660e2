import JSON

/// A version of a registered model.
public struct ModelVersion: Sendable, Equatable {
    /// The registered model's name.
    public var name: String
    /// From 1.
    public var version: String
    /// What it was registered from, such as `models:/m-0123…`.
    public var source: String
    /// The run that made it.
    public var runID: String
    /// Tags.
    public var tags: [String: String]

    init(_ json: JSONValue) {
        name = json.string("name")
        switch json["version"] {
        case .number(let number): version = "\(Int(number))"
        default: version = json.string("version")
        }
        source = json.string("source")
        runID = json.string("run_id")
        tags = json.pairs("tags")
    }
}
