/// The reason that a request to an MLflow server failed or could not be made.
public enum MLflowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The server answered with an error: an HTTP status, MLflow's code such as `RESOURCE_DOES_NOT_EXIST`, and a message.
    case refused(request: String, status: Int, code: String, message: String, retryAfter: Duration? = nil)
    /// There was no complete answer.
    case unreachable(request: String, reason: String)
    /// The answer is not one that an MLflow server gives.
    case unexpected(request: String, reason: String)
    /// A URI, name or setting is invalid, or the server does not support the operation.
    case unusable(String)
    /// A local file cannot be read or written.
    case file(path: String, reason: String)

    /// A sentence that says what failed, where and why.
    public var description: String {
        switch self {
        case .refused(let request, let status, let code, let message, _):
            let words = message.isEmpty ? code : code.isEmpty ? message : "\(code): \(message)"
            return "MLflow answered \(request) with status \(status)\(words.isEmpty ? "" : " (\(words.prefix(300)))")."
        case .unreachable(let request, let reason): return "\(request): MLflow cannot be reached: \(reason)."
        case .unexpected(let request, let reason):
            return "\(request): unexpected answer: \(reason). Check that the tracking URI leads to an MLflow server."
        case .unusable(let sentence): return sentence
        case .file(let path, let reason): return "\(path) cannot be used: \(reason)."
        }
    }

    /// Whether a retry may succeed: there was no answer, or the server was overloaded or failed.
    public var isTransient: Bool {
        switch self {
        case .refused(_, let status, _, _, _):
            // 501 means that the server does not support the request at all.
            [408, 425, 429].contains(status) || (status >= 500 && status != 501)
        case .unreachable: true
        case .unexpected, .unusable, .file: false
        }
    }

    /// Whether the request failed because the resource already exists.
    var isExisting: Bool {
        if case .refused(_, _, "RESOURCE_ALREADY_EXISTS", _, _) = self { true } else { false }
    }

    /// Whether the request failed because the resource does not exist or the server is too old to know the request.
    public var isMissing: Bool {
        if case .refused(_, let status, let code, _, _) = self {
            status == 404 || code == "RESOURCE_DOES_NOT_EXIST"
        } else {
            false
        }
    }
}
