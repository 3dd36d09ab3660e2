/// The time at which a request is cancelled.
public struct Deadline: Sendable {
    /// The time that was allowed, for the message to the client.
    public let allowed: Duration
    /// The instant at which that time has passed.
    public let instant: ContinuousClock.Instant

    /// Creates a deadline `allowed` after `start`.
    public init(allowing allowed: Duration, from start: ContinuousClock.Instant = .now) {
        self.allowed = allowed
        instant = start + allowed
    }
}

extension Duration {
    /// The duration as people write it, such as "30 s" or "0.5 s".
    var inSeconds: String {
        let seconds = self / .seconds(1)
        return Int(exactly: seconds).map { "\($0) s" } ?? "\(seconds) s"
    }
}
