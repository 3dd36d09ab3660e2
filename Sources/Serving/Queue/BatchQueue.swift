internal import HeapModule

/// Which waiting work runs next: a value, so that the policy is tested without a thread and at any time one likes.
///
/// What has been due the longest runs first, together with what is due after it as far as the budget reaches. A request's
/// first batch is due at once, and what follows later by what comes before it takes at the request's share of the machine
/// (virtual clock; Zhang, SIGCOMM 1990). So a lone abstract waits for no more of a large request than that request's share has
/// fallen behind with, and what is due is never passed by what comes later.
public struct BatchQueue<Work> {
    /// What became of work that wants in.
    public enum Admission: Equatable, Sendable {
        case taken
        /// It would have to wait too long, or too much is waiting. After that time it would be taken, as far as what waits now
        /// tells.
        case refused(retryAfter: Duration)
    }

    private struct Entry: Comparable {
        let due: ContinuousClock.Instant
        /// Tells those apart that are due at the same time.
        let number: Int
        let tokens: Int
        let work: Work

        static func < (a: Entry, b: Entry) -> Bool { (a.due, a.number) < (b.due, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    private var waiting = Heap<Entry>()
    private var lastNumber = 0
    private let limits: BatchLimits
    /// The tokens that wait now.
    public private(set) var waitingTokens = 0

    /// An empty queue.
    public init(_ limits: BatchLimits) {
        self.limits = limits
    }

    /// How many parts of requests wait.
    public var count: Int { waiting.count }

    /// Takes a request's work in, unless it would wait too long or too much is waiting already. What fits one batch is refused for
    /// its wait alone, and an empty queue takes any work.
    ///
    /// - Parameters:
    ///   - parts: What is to be run, in this order, and its size.
    ///   - now: When it came.
    ///   - mayWait: How long it may wait for its first part.
    ///   - timePerToken: Of the whole machine.
    ///   - others: How many requests of more than one batch are in progress. They share less than the machine however many they are:
    ///     the first has an eighth, a second beside it a sixteenth, a third a 24th.
    /// - Returns: Whether it was taken in.
    public mutating func enqueue(
        _ parts: [(work: Work, tokens: Int)], at now: ContinuousClock.Instant, wait mayWait: Duration,
        timePerToken: Duration, others: Int = 0
    ) -> Admission {
        let tokens = parts.reduce(0) { $0 + $1.tokens }
        let dueTokens = waiting.unordered.reduce(0) { $0 + ($1.due <= now ? $1.tokens : 0) }
        let wait = timePerToken * dueTokens
        let excess = waitingTokens + tokens - limits.waitingTokens
        let fits = waiting.isEmpty || tokens <= limits.batchTokens || excess <= 0
        guard wait <= mayWait, fits else {
            let room = fits ? .zero : timePerToken * min(excess, waitingTokens)
            return .refused(retryAfter: max(wait - mayWait, room))
        }
        var before = 0
        for part in parts {
            let isFirstBatch = before + part.tokens <= limits.batchTokens
            let due = now + timePerToken * (isFirstBatch ? 0 : 8 * (1 + others) * before)
            before += part.tokens
            lastNumber += 1
            waiting.insert(Entry(due: due, number: lastNumber, tokens: part.tokens, work: part.work))
        }
        waitingTokens += tokens
        return .taken
    }

    /// The work to run together next; empty where nothing waits. One part at least, however large.
    public mutating func next() -> [Work] {
        var batch: [Work] = []
        var tokens = 0
        while let entry = waiting.min, batch.isEmpty || tokens + entry.tokens <= limits.batchTokens {
            waiting.removeMin()
            tokens += entry.tokens
            batch.append(entry.work)
        }
        waitingTokens -= tokens
        return batch
    }

    /// Takes out work that nobody waits for any longer.
    public mutating func removeAll(where isObsolete: (Work) -> Bool) {
        waiting.removeAll { isObsolete($0.work) }
        waitingTokens = waiting.unordered.reduce(0) { $0 + $1.tokens }
    }
}

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
