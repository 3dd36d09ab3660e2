internal import HTTPTypes
import Hummingbird
internal import Text

/// The media type of a body of `/predict`.
enum MediaType {
    case json
    case plainText
    /// One JSON value per line ([NDJSON](https://github.com/ndjson/ndjson-spec)).
    case jsonLines

    private static let jsonLinesTypes: Set = ["application/x-ndjson", "application/ndjson", "application/jsonl"]

    /// Whether a `Content-Type` field means JSON lines.
    static func isJSONLines(_ field: String) -> Bool {
        jsonLinesTypes.contains(asciiToken(field.utf8.prefix { $0 != UInt8(ascii: ";") }, without: " "))
    }

    /// Reads the `Content-Type` of a request; JSON if it has none.
    ///
    /// - Throws: ``Problem`` 415 if the type is not supported or the charset is not UTF-8.
    init(of request: Request) throws(Problem) {
        guard let field = request.headers[.contentType] else {
            self = .json
            return
        }
        let parts = field.utf8.split(separator: UInt8(ascii: ";")).map { asciiToken($0, without: " \"") }
        for parameter in parts.dropFirst()
        where parameter.hasPrefix("charset=")
            && !["charset=utf-8", "charset=utf8", "charset=us-ascii"].contains(parameter)
        {
            throw Problem(.unsupportedMediaType, "content-type is \(field.excerpt); expected the charset UTF-8.")
        }
        switch parts.first ?? "" {
        case "text/plain": self = .plainText
        case let type where Self.jsonLinesTypes.contains(type): self = .jsonLines
        case "application/json": self = .json
        case let type where type.hasPrefix("application/") && type.hasSuffix("+json"): self = .json
        default:
            throw Problem(
                .unsupportedMediaType,
                "content-type is \(field.excerpt); expected application/json, application/x-ndjson or text/plain.",
                headers: [.acceptPost: "application/json, application/x-ndjson, text/plain"])
        }
    }
}
