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

    init(_ json: JSONValue) throws(MLflowError) {
        name = json.string("name")
        switch json["version"] {
        case .number(let number):
            guard let integer = Int(exactly: number) else {
                throw .unexpected(
                    request: "a version of the model \(name.debugDescription)",
                    reason: "its number is \(number); expected an integer")
            }
            version = "\(integer)"
        default: version = json.string("version")
        }
        source = json.string("source")
        runID = json.string("run_id")
        tags = json.pairs("tags")
    }
}
