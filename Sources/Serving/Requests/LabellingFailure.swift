/// Why a request, or one item of it, is not answered with labels.
///
/// Nothing below the folder HTTP knows a status code: HTTP turns each case into a problem document in one place.
public enum LabellingFailure: Error, Equatable, Sendable {
    /// The bytes are not what their type says, such as invalid JSON or text that is not UTF-8.
    case malformed(String)
    /// The bytes can be read, but they are not a request that the chosen model takes.
    case invalid(String)
    /// The bodies of the requests in flight use all the memory reserved for them.
    case bodiesTooLarge
    /// The queue is full, or the wait would be too long; a retry after this time is likely to be accepted.
    case overloaded(retryAfter: Duration)
    /// The labels were not ready within the time that the client or the service allows.
    case deadlineExceeded(allowed: Duration)
    /// The client has disconnected, so nobody would read the labels.
    case clientGone
    /// No model has this name; `available` are the names of those that have loaded.
    case modelNotFound(String, available: [String])
    /// The first checkpoints are still loading.
    case loading
    /// The model failed its last self-check, for this reason.
    case modelFailed(String)
    /// The model computed NaN or infinity.
    case outputNotFinite
    /// The service has stopped its workers.
    case shuttingDown
}

extension LabellingFailure {
    /// After how many whole seconds a client should retry, at least 1; `nil` if the failure does not pass by itself.
    var retrySeconds: Int? {
        switch self {
        case .overloaded(let time): Int(max(1, (time / .seconds(1)).rounded(.up)))
        case .bodiesTooLarge, .loading: 1
        case .malformed, .invalid, .deadlineExceeded, .clientGone, .modelNotFound, .modelFailed, .outputNotFinite,
            .shuttingDown:
            nil
        }
    }
}

extension LabellingFailure: CustomStringConvertible {
    /// What is wrong, where, what was expected and what to do, in one or two sentences.
    public var description: String {
        switch self {
        case .malformed(let sentence), .invalid(let sentence), .modelFailed(let sentence): sentence
        case .bodiesTooLarge: "the bodies of the requests in flight use all the memory reserved for them; retry in 1 s."
        case .overloaded:
            "the service is overloaded; retry in \(retrySeconds ?? 1) s."
        case .deadlineExceeded(let allowed):
            "the labels were not ready within \(allowed.inSeconds). Send less text per request, or allow more time."
        case .clientGone: "the client has disconnected."
        case .modelNotFound(let name, let available):
            "there is no model \"\(name)\"; available models: \(available.joined(separator: ", "))."
        case .loading: "the model is loading."
        case .outputNotFinite:
            "the model computed NaN or infinity. The checkpoint or the machine's memory may be damaged."
        case .shuttingDown: "the service is shutting down."
        }
    }
}
