import Glibc

/// The outcome of delivering a run.
public enum DeliveryOutcome: Sendable, Equatable {
    /// Everything is delivered, and the run can be viewed at `place`.
    case complete(place: String)
    /// Uploads are pending, for the given reason.
    case incomplete(reason: String)
}

extension RunSender {
    /// Waits until the sender is done, the time limit is reached or the caller wants to stop.
    func wait(upTo limit: Duration, shouldStop: () -> Bool, destination: Destination) -> DeliveryOutcome {
        let end = ContinuousClock.now + limit
        while !isDone, ContinuousClock.now < end, !shouldStop() { usleep(20_000) }
        if isDone, problem == nil, let run { return .complete(place: destination.place(of: run)) }
        return .incomplete(reason: problem ?? "\(destination) has not confirmed all records yet.")
    }
}
