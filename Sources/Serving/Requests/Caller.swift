/// Who waits for work, and until when.
public struct Caller: Sendable {
    /// Many jobs of one client: together they claim no more of the machine than one large request does.
    public final class Stream: Sendable {
        /// A stream of which nothing is in progress.
        public init() {}
    }

    /// When it gives up.
    public let deadline: Deadline
    /// What its job is one of many of.
    public let stream: Stream?
    /// Whether it would still hear an answer.
    public let isThere: @Sendable () -> Bool

    /// Somebody who waits.
    public init(
        until deadline: Deadline, stream: Stream? = nil, isThere: @escaping @Sendable () -> Bool = { true }
    ) {
        self.deadline = deadline
        self.stream = stream
        self.isThere = isThere
    }
}
