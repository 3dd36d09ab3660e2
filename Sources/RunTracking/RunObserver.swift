public import Tracking

/// An observer that records the events of a run, or of an experiment with several runs, for MLflow.
public protocol RunObserver<Event> {
    /// The type of the events.
    associatedtype Event

    /// The tracked run, followed by its child runs.
    var runs: [TrackedRun] { get }

    /// Records an event.
    func record(_ event: Event)

    /// Returns warnings for the user, each once.
    func takeWarnings() -> [String]
}

extension RunObserver {
    /// Returns the warnings of the tracked runs, each once.
    public func takeWarnings() -> [String] { runs.flatMap { $0.takeWarnings() } }
}
