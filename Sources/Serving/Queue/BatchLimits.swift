/// The size of a batch and of the queue.
public struct BatchLimits: Sendable, Equatable {
    /// Tokens in a batch; one larger window runs alone. Batches are not padded, so larger ones gain almost nothing once
    /// every thread has enough rows, but they make later requests wait longer.
    public var batchTokens = 1_024
    /// Tokens in the queue. Requests that exceed it are refused, unless they fit one batch or the queue is empty.
    public var waitingTokens = 1_000_000
    /// The longest expected wait. Requests that would wait longer are refused.
    public var wait = Duration.seconds(10)

    /// The default limits.
    public init() {}
}
