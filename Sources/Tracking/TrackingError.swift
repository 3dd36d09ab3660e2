import MLflow

/// The reason that a run cannot be tracked.
public enum TrackingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The journal or a file beside it cannot be read or written.
    case journal(path: String, reason: String)
    /// A setting is not valid.
    case setting(String)

    /// A sentence that says what is wrong, what was expected and what to do.
    public var description: String {
        switch self {
        case .journal(let path, let reason):
            "the tracking record \(path) cannot be used: \(reason)."
        case .setting(let sentence): sentence
        }
    }
}
