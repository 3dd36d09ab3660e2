import Glibc
import MLflow

/// Why a run cannot be tracked.
public enum TrackingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The journal, or what is beside it, cannot be read or written.
    case journal(path: String, reason: String)
    /// A setting makes no sense.
    case setting(String)

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .journal(let path, let reason):
            "\(path), in which a run is written down for MLflow, cannot be used: \(reason)."
        case .setting(let sentence): sentence
        }
    }

    static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
