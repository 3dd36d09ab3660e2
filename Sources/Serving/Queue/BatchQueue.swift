internal import HeapModule

/// Decides which waiting work runs next. It is a value that takes the time as an argument, so that tests need neither
/// threads nor clocks.
///
/// Every part of a request has a due time. The part with the earliest due time runs first, with the parts due after it
/// that fit the batch. The first batch of a request is due at once. Later parts are due when the parts before them
/// would have finished at the request's share of the machine (virtual clock; Zhang, SIGCOMM 1990). A single abstract
/// therefore waits only for the parts of a large request that are due already, and work that is due is never overtaken
/// by later work.
///
/// All work in a batch is for the same model: the model of the part with the earliest due time.
public struct BatchQueue<Model: Hashable, Work> {
    /// Whether the queue accepted a request.
    public enum Admission: Equatable, Sendable {
        case taken
        /// The wait would be too long, or the queue is full. A retry after this time is likely to be accepted, judging
        /// by the work that waits now.
        case refused(retryAfter: Duration)
    }

    fileprivate struct Entry: Comparable {
        let due: ContinuousClock.Instant
        /// Breaks ties between entries with the same due time.
        let number: Int
        let tokens: Int
        /// The time that the entry takes on the whole machine.
        let time: Duration
        let work: Work

        static func < (a: Entry, b: Entry) -> Bool { (a.due, a.number) < (b.due, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    /// The entries of each model that has any.
    private var waiting: [Model: Heap<Entry>] = [:]
    private var lastNumber = 0
    private let limits: BatchLimits
    /// Tokens in the queue.
    public private(set) var waitingTokens = 0

    /// Creates an empty queue.
    public init(_ limits: BatchLimits) {
        self.limits = limits
    }

    /// Parts of requests in the queue.
    public var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

    /// Enqueues a request, or refuses it. A request is refused if its expected wait exceeds `wait`, or if the queue
    /// would exceed its limit of tokens. The second rule does not apply to requests that fit one batch or to an empty
    /// queue.
    ///
    /// - Parameters:
    ///   - parts: The work in the order in which it should run, with its tokens.
    ///   - model: The model that runs it.
    ///   - now: The time at which the request arrived.
    ///   - mayWait: The longest wait for the first part.
    ///   - timePerToken: The time that the model takes for a token on the whole machine.
    ///   - before: Tokens in flight of the same client, which run before these parts.
    ///   - others: The number of other requests in flight that are larger than a batch. The first such request is given
    ///     an eighth of the machine, a second one a sixteenth, a third one a 24th, so that together they never claim
    ///     all of it.
    /// - Returns: Whether the request was accepted.
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

    /// Removes the next batch from the queue. It has at least one part, however large; `nil` if the queue is empty.
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

    /// Removes work that nobody waits for any more.
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
