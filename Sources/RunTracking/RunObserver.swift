public import Tracking

/// Records the events of a run, or of an experiment of several runs, for MLflow.
public protocol RunObserver<Event> {
    /// What the run reports.
    associatedtype Event

    /// The tracked run, and after it those of its parts.
    var runs: [TrackedRun] { get }

    /// Records an event.
    func record(_ event: Event)

    /// Returns warnings for a person to read, each once.
    func takeWarnings() -> [String]
}

extension RunObserver {
    /// Returns warnings of the tracked runs, each once.
    public func takeWarnings() -> [String] { runs.flatMap { $0.takeWarnings() } }
}
