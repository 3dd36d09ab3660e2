/// A retry policy with exponential backoff and jitter.
///
/// The wait doubles with every failure. Half of it is random, so that clients do not return all at once. It is never
/// shorter than the server requested with `Retry-After`.
public struct RetryPolicy: Sendable {
    /// The largest number of attempts of one request; `nil` for no limit.
    public var attempts: Int?
    /// Wait after the first failure.
    public var first: Duration
    /// The longest wait, unless the server requests a longer one.
    public var longest: Duration
    /// Number of failures since the last success.
    public private(set) var failures = 0

    /// The longest `Retry-After` that is respected; a longer one is shortened to it.
    public static let longestAskedFor = Duration.seconds(300)

    /// Creates a policy without failures so far.
    public init(attempts: Int?, first: Duration = .milliseconds(500), longest: Duration = .seconds(30)) {
        self.attempts = attempts
        self.first = first
        self.longest = longest
    }

    /// Counts a failure and returns the wait before the next attempt.
    ///
    /// - Parameters:
    ///   - error: The error of the failed attempt.
    ///   - jitter: A random number in 0...1.
    /// - Returns: The wait; `nil` if a retry would fail in the same way or all attempts are used.
    public mutating func wait(after error: MLflowError, jitter: Double) -> Duration? {
        guard error.isTransient else { return nil }
        failures += 1
        if let attempts, failures >= attempts { return nil }
        // The exponent is limited to 20 so that the shift cannot overflow.
        let doubled = min(longest, first * (1 << min(failures - 1, 20)))
        let wait = doubled * (0.5 + 0.5 * jitter)
        guard case .refused(_, _, _, _, let asked?) = error else { return wait }
        return max(wait, min(asked, Self.longestAskedFor))
    }

    /// Records a success, so that the next failure counts as the first.
    public mutating func succeeded() { failures = 0 }

    /// Runs an operation until it succeeds or this policy allows no further attempt.
    ///
    /// - Parameter work: The operation: one request, or several that can be repeated together.
    /// - Returns: The result of `work`.
    /// - Throws: The last ``MLflowError``, or `CancellationError`.
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
