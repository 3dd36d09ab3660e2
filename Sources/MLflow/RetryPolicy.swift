/// When to try a request again: after a wait that doubles with every failure, half of it random so that clients do not come
/// back together, and never sooner than the server asked for (`Retry-After`).
public struct RetryPolicy: Sendable {
    /// The most tries of one request; `nil` for no end.
    public var attempts: Int?
    /// The wait after the first failure.
    public var first: Duration
    /// The longest wait, unless the server asks for more.
    public var longest: Duration
    /// Failures since the last success.
    public private(set) var failures = 0

    /// What a server may ask for at most; a longer wait is cut to it.
    public static let longestAskedFor = Duration.seconds(300)

    /// A policy that has seen no failure.
    public init(attempts: Int?, first: Duration = .milliseconds(500), longest: Duration = .seconds(30)) {
        self.attempts = attempts
        self.first = first
        self.longest = longest
    }

    /// How long to wait before the next try.
    ///
    /// - Parameters:
    ///   - error: What the try ended with.
    ///   - jitter: From 0 to 1, drawn at random.
    /// - Returns: The wait; `nil` to give up, since another try would end the same or enough were made.
    public mutating func wait(after error: MLflowError, jitter: Double) -> Duration? {
        guard error.isTransient else { return nil }
        failures += 1
        if let attempts, failures >= attempts { return nil }
        // Beyond 2^20 the longest wait is reached whatever the first.
        let doubled = min(longest, first * (1 << min(failures - 1, 20)))
        let wait = doubled * (0.5 + 0.5 * jitter)
        guard case .refused(_, _, _, _, let asked?) = error else { return wait }
        return max(wait, min(asked, Self.longestAskedFor))
    }

    /// A request succeeded: the next failure is the first one again.
    public mutating func succeeded() { failures = 0 }

    /// Does something until it succeeds or this policy gives up.
    ///
    /// - Parameter work: A request, or several that may be repeated together.
    /// - Returns: What `work` returned.
    /// - Throws: The last `MLflowError`, or `CancellationError`.
    public func retrying<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        var policy = self
        while true {
            do {
                return try await work()
            } catch let error as MLflowError {
                guard let wait = policy.wait(after: error, jitter: .random(in: 0...1)) else { throw error }
                try await Task.sleep(for: wait)
            }
        }
    }
}
