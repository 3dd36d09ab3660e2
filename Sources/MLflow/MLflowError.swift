/// Why something asked of an MLflow server did not happen.
public enum MLflowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The server answered with an error: its HTTP status, MLflow's code such as `RESOURCE_DOES_NOT_EXIST`, and its words.
    case refused(request: String, status: Int, code: String, message: String, retryAfter: Duration? = nil)
    /// There was no answer.
    case unreachable(request: String, reason: String)
    /// There was an answer, but none that an MLflow server gives.
    case unexpected(request: String, reason: String)
    /// A URI, a name or a setting cannot be used, or the server cannot do what it would take.
    case unusable(String)
    /// A file of this machine cannot be read or written.
    case file(path: String, reason: String)

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .refused(let request, let status, let code, let message, _):
            let words = message.isEmpty ? code : code.isEmpty ? message : "\(code): \(message)"
            return "MLflow answered \(request) with \(status)\(words.isEmpty ? "" : " (\(words.prefix(300)))")."
        case .unreachable(let request, let reason): return "MLflow cannot be reached for \(request): \(reason)."
        case .unexpected(let request, let reason):
            return "What answered \(request) is not MLflow's: \(reason). Check the tracking URI."
        case .unusable(let sentence): return sentence
        case .file(let path, let reason): return "\(path) cannot be used: \(reason)."
        }
    }

    /// Whether the same request may succeed later: nobody answered, or the server was busy or broken.
    public var isTransient: Bool {
        switch self {
        case .refused(_, let status, _, _, _):
            // 501 says that the server will never do it.
            [408, 425, 429].contains(status) || (status >= 500 && status != 501)
        case .unreachable: true
        case .unexpected, .unusable, .file: false
        }
    }

    /// MLflow's code for something that is there already.
    var isExisting: Bool {
        if case .refused(_, _, "RESOURCE_ALREADY_EXISTS", _, _) = self { true } else { false }
    }

    /// MLflow's code for something that is not there, or a server too old to know the request.
    public var isMissing: Bool {
        if case .refused(_, let status, let code, _, _) = self {
            status == 404 || code == "RESOURCE_DOES_NOT_EXIST"
        } else {
            false
        }
    }
}
