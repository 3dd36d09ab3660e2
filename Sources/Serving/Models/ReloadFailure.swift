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
        case .notRunning: "checkpoints cannot be read anew before the start or after the end."
        case .inProgress: "the checkpoints are being read already."
        case .unusableCheckpoint:
            "a checkpoint cannot be used, so those that were loaded go on; the log says which and why."
        case .unusableKeys: "the file of keys cannot be used, so nothing has changed; the log says why."
        }
    }
}
