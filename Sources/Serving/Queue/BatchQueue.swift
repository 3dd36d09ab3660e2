internal import HeapModule

/// Which waiting work runs next: a value, so that the policy is tested without a thread and at any time one likes.
///
/// The piece that has been due the longest runs first, together with those after it as far as the budget reaches. A request's
/// first piece is due at once, and each further one later by what the pieces before it take at the request's share of the
/// machine (virtual clock; Zhang, SIGCOMM 1990). So a lone abstract waits for nothing of a large request but what that
/// request's share has fallen behind with, and a large request gets its share however many lone ones come.
public struct BatchQueue<Work> {
    private struct Piece: Comparable {
        let due: ContinuousClock.Instant
        /// Tells those apart that are due at the same time.
        let number: Int
        let tokens: Int
        let work: Work

        static func < (a: Piece, b: Piece) -> Bool { (a.due, a.number) < (b.due, b.number) }
        static func == (a: Piece, b: Piece) -> Bool { a.number == b.number }
    }

    private var waiting = Heap<Piece>()
    private var lastNumber = 0
    private let limits: BatchLimits
    /// The tokens that wait now.
    public private(set) var waitingTokens = 0

    /// The part of the machine that a request of many pieces has for certain; what nobody else wants is its own too.
    static var share: Double { 1.0 / 8 }

    /// An empty queue.
    public init(_ limits: BatchLimits) {
        self.limits = limits
    }

    /// How many pieces of work wait.
    public var count: Int { waiting.count }

    /// Takes a request's work in, unless too much is waiting already. An empty queue takes any work.
    ///
    /// - Parameters:
    ///   - pieces: What is to be run, in this order, and its size.
    ///   - now: When it came.
    ///   - timePerToken: Of the whole machine.
    /// - Returns: Whether it was taken in.
    public mutating func enqueue(
        _ pieces: [(work: Work, tokens: Int)], at now: ContinuousClock.Instant, timePerToken: Duration
    ) -> Bool {
        let tokens = pieces.reduce(0) { $0 + $1.tokens }
        guard waiting.isEmpty || waitingTokens + tokens <= limits.waitingTokens else { return false }
        var due = now
        for piece in pieces {
            lastNumber += 1
            waiting.insert(Piece(due: due, number: lastNumber, tokens: piece.tokens, work: piece.work))
            due += timePerToken * (Double(piece.tokens) / Self.share)
        }
        waitingTokens += tokens
        return true
    }

    /// The tokens that run before anything that comes now.
    public func dueTokens(at now: ContinuousClock.Instant) -> Int {
        waiting.unordered.reduce(0) { $0 + ($1.due <= now ? $1.tokens : 0) }
    }

    /// The work to run together next; empty where nothing waits. One piece at least, however large.
    public mutating func next() -> [Work] {
        var batch: [Work] = []
        var tokens = 0
        while let piece = waiting.min, batch.isEmpty || tokens + piece.tokens <= limits.batchTokens {
            waiting.removeMin()
            tokens += piece.tokens
            batch.append(piece.work)
        }
        waitingTokens -= tokens
        return batch
    }

    /// Takes out work that nobody waits for any longer.
    public mutating func removeAll(where isObsolete: (Work) -> Bool) {
        waiting = Heap(waiting.unordered.filter { !isObsolete($0.work) })
        waitingTokens = waiting.unordered.reduce(0) { $0 + $1.tokens }
    }
}

/// How much runs together and how much may wait.
public struct BatchLimits: Sendable, Equatable {
    /// The tokens a batch is filled up to. Nothing is padded, so that more gain nothing once every thread has rows enough,
    /// and what comes meanwhile waits the longer.
    public var batchTokens = 1_024
    /// The tokens that may wait before work is turned away.
    public var waitingTokens = 1_000_000
    /// How long work may expect to wait before it is turned away.
    public var wait = Duration.seconds(10)

    /// The defaults.
    public init() {}
}
