/// Any JSON value, for requests whose members are checked one at a time so that an error can name the one at fault.
enum JSONValue: Equatable {
    case string(String)
    /// No request has a number that counts.
    case number
    case bool(Bool)
    case null
    case array([JSONValue])
    case object([String: JSONValue])

    /// What it is, for an error's "found …".
    var kind: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
