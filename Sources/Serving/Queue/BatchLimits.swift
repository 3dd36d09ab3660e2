/// How much runs together and how much may wait.
public struct BatchLimits: Sendable, Equatable {
    /// The tokens a batch is filled up to. Nothing is padded, so that more gain next to nothing once every thread has rows
    /// enough, and what comes meanwhile waits the longer.
    public var batchTokens = 1_024
    /// The tokens that may wait before requests of more than a batch are turned away.
    public var waitingTokens = 1_000_000
    /// How long work may expect to wait before it is turned away.
    public var wait = Duration.seconds(10)

    /// The defaults.
    public init() {}
}
