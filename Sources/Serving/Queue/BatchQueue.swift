internal import HeapModule

/// Which waiting work runs next: a value, so that the policy is tested without a thread and at any time one likes.
///
/// What has been due the longest runs first, together with what is due after it as far as the budget reaches. A request's
/// first batch is due at once, and what follows later by what comes before it takes at the request's share of the machine
/// (virtual clock; Zhang, SIGCOMM 1990). So a lone abstract waits for no more of a large request than that request's share has
/// fallen behind with, and what is due is never passed by what comes later.
///
/// A batch is of one model, whichever waits for the work that runs next.
public struct BatchQueue<Model: Hashable, Work> {
    /// What became of work that wants in.
    public enum Admission: Equatable, Sendable {
        case taken
        /// It would have to wait too long, or too much is waiting. After that time it would be taken, as far as what waits now
        /// tells.
        case refused(retryAfter: Duration)
    }

    fileprivate struct Entry: Comparable {
        let due: ContinuousClock.Instant
        /// Tells those apart that are due at the same time.
        let number: Int
        let tokens: Int
        /// What it takes on the whole machine.
        let time: Duration
        let work: Work

        static func < (a: Entry, b: Entry) -> Bool { (a.due, a.number) < (b.due, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    /// Of each model, and none that is empty.
    private var waiting: [Model: Heap<Entry>] = [:]
    private var lastNumber = 0
    private let limits: BatchLimits
    /// The tokens that wait now.
    public private(set) var waitingTokens = 0

    /// An empty queue.
    public init(_ limits: BatchLimits) {
        self.limits = limits
    }

    /// How many parts of requests wait.
    public var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

    /// Takes a request's work in, unless it would wait too long or too much is waiting already. What fits one batch is refused for
    /// its wait alone, and an empty queue takes any work.
    ///
    /// - Parameters:
    ///   - parts: What is to be run, in this order, and its size.
    ///   - model: What runs it.
    ///   - now: When it came.
    ///   - mayWait: How long it may wait for its first part.
    ///   - timePerToken: Of this model on the whole machine.
    ///   - before: The tokens of the same client that are in progress: these come after them.
    ///   - others: How many requests of more than one batch are in progress. They share less than the machine however many they are:
    ///     the first has an eighth, a second beside it a sixteenth, a third a 24th.
    /// - Returns: Whether it was taken in.
    public mutating func enqueue(
        _ parts: [(work: Work, tokens: Int)], for model: Model, at now: ContinuousClock.Instant,
        wait mayWait: Duration, timePerToken: Duration, after before: Int = 0, others: Int = 0
    ) -> Admission {
        let tokens = parts.reduce(0) { $0 + $1.tokens }
        let wait = entries.reduce(.zero) { $0 + ($1.due <= now ? $1.time : .zero) }
        let excess = waitingTokens + tokens - limits.waitingTokens
        let fits = waiting.isEmpty || tokens <= limits.batchTokens || excess <= 0
        guard wait <= mayWait, fits else {
            let room = fits ? .zero : timePerToken * min(excess, waitingTokens)
            return .refused(retryAfter: max(wait - mayWait, room))
        }
        var before = before
        var own = waiting.removeValue(forKey: model) ?? Heap()
        for part in parts {
            let isFirstBatch = before + part.tokens <= limits.batchTokens
            let due = now + timePerToken * (isFirstBatch ? 0 : 8 * (1 + others) * before)
            before += part.tokens
            lastNumber += 1
            let time = timePerToken * part.tokens
            own.insert(Entry(due: due, number: lastNumber, tokens: part.tokens, time: time, work: part.work))
        }
        if !own.isEmpty { waiting[model] = own }
        waitingTokens += tokens
        return .taken
    }

    /// The work to run together next, one part at least, however large; `nil` where nothing waits.
    public mutating func next() -> (model: Model, work: [Work])? {
        let first = waiting.compactMap { model, own in own.min.map { (model, $0) } }.min { $0.1 < $1.1 }
        guard let (model, _) = first, var own = waiting.removeValue(forKey: model) else { return nil }
        var batch: [Work] = []
        var tokens = 0
        while let entry = own.min, batch.isEmpty || tokens + entry.tokens <= limits.batchTokens {
            own.removeMin()
            tokens += entry.tokens
            batch.append(entry.work)
        }
        if !own.isEmpty { waiting[model] = own }
        waitingTokens -= tokens
        return (model, batch)
    }

    /// Takes out work that nobody waits for any longer.
    public mutating func removeAll(where isObsolete: (Work) -> Bool) {
        for (model, var own) in waiting {
            waiting[model] = nil
            own.removeAll { isObsolete($0.work) }
            if !own.isEmpty { waiting[model] = own }
        }
        waitingTokens = entries.reduce(0) { $0 + $1.tokens }
    }

    private var entries: some Sequence<Entry> { waiting.values.lazy.flatMap(\.unordered) }
}

extension BatchQueue: Sendable where Model: Sendable, Work: Sendable {}

extension BatchQueue.Entry: Sendable where Model: Sendable, Work: Sendable {}
