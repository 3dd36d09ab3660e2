internal import HTTPTypes

/// The kinds of failure that a client can tell apart without reading the sentence in `detail`.
///
/// A code and its type URI never change their meaning. `Documentation/problems.md` lists them.
package enum ProblemCode: String, CaseIterable {
    case badMessage = "bad_message"
    case headTooLarge = "head_too_large"
    case invalidParameter = "invalid_parameter"
    case malformedBody = "malformed_body"
    case invalidRequest = "invalid_request"
    case unsupportedMediaType = "unsupported_media_type"
    case unsupportedEncoding = "unsupported_encoding"
    case bodyTooLarge = "body_too_large"
    case bodyTimeout = "body_timeout"
    case unauthorized = "unauthorized"
    case forbidden = "forbidden"
    case pathNotFound = "path_not_found"
    case methodNotAllowed = "method_not_allowed"
    case modelNotFound = "model_not_found"
    case memoryInUse = "memory_in_use"
    case overloaded = "overloaded"
    case deadlineExceeded = "deadline_exceeded"
    case clientGone = "client_gone"
    case loading = "loading"
    case modelFailed = "model_failed"
    case shuttingDown = "shutting_down"
    case outputNotFinite = "output_not_finite"
    case internalError = "internal_error"
    case notRunning = "not_running"
    case reloadInProgress = "reload_in_progress"
    case reloadFailed = "reload_failed"

    /// The URI that identifies the kind of problem (RFC 9457, §3.1.1). It cannot be opened.
    package var type: String { "urn:rubricator:problem:\(rawValue)" }

    /// The HTTP status of the answer.
    var status: HTTPResponse.Status {
        switch self {
        case .badMessage, .malformedBody: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .pathNotFound, .modelNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .bodyTimeout: .requestTimeout
        case .reloadInProgress: .conflict
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType, .unsupportedEncoding: .unsupportedMediaType
        case .invalidParameter, .invalidRequest, .reloadFailed: .unprocessableContent
        case .memoryInUse, .overloaded: .tooManyRequests
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .clientGone: .init(code: 499, reasonPhrase: "Client Closed Request")
        case .outputNotFinite, .internalError: .internalServerError
        case .loading, .modelFailed, .notRunning, .shuttingDown: .serviceUnavailable
        case .deadlineExceeded: .gatewayTimeout
        }
    }

    /// The problem in a few words that are the same each time (RFC 9457, §3.1.3).
    package var title: String {
        switch self {
        case .badMessage: "The HTTP message is not valid"
        case .headTooLarge: "The request line and header fields are too large"
        case .invalidParameter: "A header field or query parameter is not valid"
        case .malformedBody: "The body cannot be read"
        case .invalidRequest: "The body is not a valid request"
        case .unsupportedMediaType: "The media type is not supported"
        case .unsupportedEncoding: "The content encoding is not supported"
        case .bodyTooLarge: "The body is too large"
        case .bodyTimeout: "The body did not arrive in time"
        case .unauthorized: "An API key is required"
        case .forbidden: "Access is denied"
        case .pathNotFound: "There is no resource at this path"
        case .methodNotAllowed: "The resource does not accept this method"
        case .modelNotFound: "There is no such model"
        case .memoryInUse: "The memory for request bodies is in use"
        case .overloaded: "The service is overloaded"
        case .deadlineExceeded: "The labels were not ready in time"
        case .clientGone: "The client has disconnected"
        case .loading: "The model is loading"
        case .modelFailed: "The model failed its self-check"
        case .shuttingDown: "The service is shutting down"
        case .outputNotFinite: "The model computed NaN or infinity"
        case .internalError: "The service failed"
        case .notRunning: "The service is starting or shutting down"
        case .reloadInProgress: "Another reload is in progress"
        case .reloadFailed: "The checkpoints or keys cannot be reloaded"
        }
    }
}
