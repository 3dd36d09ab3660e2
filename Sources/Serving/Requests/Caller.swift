/// The client that waits for a job, and until when.
public struct Caller: Sendable {
    /// Identifies the jobs of one NDJSON stream. Together they get no larger share of the machine than one large
    /// request.
    public final class Stream: Sendable {
        /// Creates a stream without jobs.
        public init() {}
    }

    /// When the job is cancelled.
    public let deadline: Deadline
    /// The stream that the job belongs to; `nil` if the job is the whole request.
    public let stream: Stream?
    /// Whether the client is still connected.
    public let isThere: @Sendable () -> Bool

    /// Creates a caller; without `isThere`, one that never disconnects.
    public init(
        until deadline: Deadline, stream: Stream? = nil, isThere: @escaping @Sendable () -> Bool = { true }
    ) {
        self.deadline = deadline
        self.stream = stream
        self.isThere = isThere
    }

    /// Why the work for this caller should stop: deadlineExceeded or clientGone; `nil` while the caller waits.
    var reasonToStop: LabellingFailure? {
        guard .now < deadline.instant else { return .deadlineExceeded(allowed: deadline.allowed) }
        return isThere() ? nil : .clientGone
    }

    /// Whether the work should stop, for code that does not know the reasons.
    var isUnwanted: @Sendable () -> Bool { { reasonToStop != nil } }

    /// Checks that the caller still waits.
    ///
    /// - Throws: ``LabellingFailure``: deadlineExceeded or clientGone.
    package func check() throws(LabellingFailure) {
        if let reasonToStop { throw reasonToStop }
    }
}
