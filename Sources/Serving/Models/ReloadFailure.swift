/// Why the service keeps the checkpoints and keys that it has.
package enum ReloadFailure: Error, Equatable, Sendable {
    /// The service is still loading its first checkpoints, or it is shutting down.
    case notRunning
    /// Another reload has not finished.
    case inProgress
    /// A checkpoint cannot be loaded or failed its self-check; the log says which and why.
    case unusableCheckpoint
    /// The file of API keys cannot be used; the log says why.
    case unusableKeys
}

extension ReloadFailure: CustomStringConvertible {
    /// What happened and what to do.
    package var description: String {
        switch self {
        case .notRunning: "checkpoints cannot be reloaded while the service is loading or shutting down."
        case .inProgress: "another reload is in progress."
        case .unusableCheckpoint:
            "a checkpoint cannot be used, so the loaded ones stay in use; the log says which one and why."
        case .unusableKeys: "the file of API keys cannot be used, so nothing was reloaded; the log says why."
        }
    }
}
