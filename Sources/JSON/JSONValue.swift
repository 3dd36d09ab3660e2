/// Any JSON value, for documents whose members are checked one at a time so that an error can name the one at fault.
public enum JSONValue: Equatable, Sendable {
    case string(String)
    /// As near as 64 bits come to it.
    case number(Double)
    case bool(Bool)
    case null
    case array([JSONValue])
    case object([String: JSONValue])

    /// The one value that `bytes` spell.
    ///
    /// - Parameter bytes: UTF-8, perhaps after a byte order mark.
    /// - Throws: ``JSONSyntaxError`` where they spell anything else.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var json = JSONReader(bytes)
        self = try json.value()
        try json.end()
    }

    /// What it is, for an error's "found …".
    public var kind: String {
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
