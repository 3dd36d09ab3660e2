import Glibc

/// What became of a run's delivery.
public enum DeliveryOutcome: Sendable, Equatable {
    /// All of it is there: where a person sees it.
    case complete(place: String)
    /// Not all of it: why.
    case incomplete(reason: String)
}

extension RunSender {
    /// Waits until everything is delivered, or nothing more will be.
    func wait(upTo limit: Duration, shouldStop: () -> Bool, destination: Destination) -> DeliveryOutcome {
        let end = ContinuousClock.now + limit
        while !isDone, ContinuousClock.now < end, !shouldStop() { usleep(20_000) }
        if isDone, problem == nil, let run { return .complete(place: destination.place(of: run)) }
        return .incomplete(reason: problem ?? "\(destination) is slow.")
    }
}
