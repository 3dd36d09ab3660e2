/// Any JSON value. Useful for documents whose members are checked one by one, so that an error can name the wrong
/// member.
public enum JSONValue: Equatable, Sendable {
    case string(String)
    /// A number, rounded to the nearest 64-bit value.
    case number(Double)
    case bool(Bool)
    case null
    case array([JSONValue])
    case object([JSONKey: JSONValue])

    /// Parses a document that consists of one value.
    ///
    /// - Parameter bytes: The document as UTF-8, optionally with a byte order mark.
    /// - Throws: ``JSONSyntaxError`` if the document is not exactly one valid value.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var json = JSONReader(bytes)
        self = try json.value()
        try json.end()
    }

    /// The type of the value in words, for error messages of the form "found …".
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
