internal import Labelling

/// Which waiting work runs next: a value, so that the policy is tested without a clock or a thread.
///
/// First come, first served; a batch takes waiting work in order for as long as it stays within the budget, and one
/// piece of work at least, however large.
public struct BatchQueue<Work> {
    private var waiting: [(work: Work, tokens: Int)] = []
    private var head = 0
    private let limits: BatchLimits
    /// The tokens that wait now.
    public private(set) var waitingTokens = 0

    /// An empty queue.
    public init(_ limits: BatchLimits) {
        self.limits = limits
    }

    /// How many pieces of work wait.
    public var count: Int { waiting.count - head }

    /// Takes work in, unless too much is waiting already.
    ///
    /// - Parameters:
    ///   - work: What is to be run.
    ///   - tokens: Its size.
    /// - Returns: Whether it was taken in. An empty queue takes any work.
    public mutating func enqueue(_ work: Work, tokens: Int) -> Bool {
        guard count == 0 || waitingTokens + tokens <= limits.waitingTokens else { return false }
        waiting.append((work, tokens))
        waitingTokens += tokens
        return true
    }

    /// The work to run together next; empty where nothing waits.
    public mutating func next() -> [Work] {
        var batch: [Work] = []
        var tokens = 0
        while head < waiting.count, batch.isEmpty || tokens + waiting[head].tokens <= limits.batchTokens {
            tokens += waiting[head].tokens
            batch.append(waiting[head].work)
            head += 1
        }
        waitingTokens -= tokens
        // Moving the rest down only now and then keeps the cost of a batch constant.
        if head * 2 >= waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        return batch
    }
}

/// How much runs together and how much may wait.
public struct BatchLimits: Sendable, Equatable {
    /// The tokens a batch is filled up to.
    public var batchTokens = Engine.defaultTokens
    /// The tokens that may wait before work is turned away.
    public var waitingTokens = 1_000_000

    /// The defaults.
    public init() {}
}
