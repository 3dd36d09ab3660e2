import JSON

/// A version of a registered model.
public struct ModelVersion: Sendable, Equatable {
    /// Name of the registered model.
    public var name: String
    /// Version number, from 1.
    public var version: String
    /// URI from which the version was registered, such as `models:/m-0123…`.
    public var source: String
    /// Identifier of the run that logged the model.
    public var runID: String
    /// Tags by name.
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
