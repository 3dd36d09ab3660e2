import Serving
import Testing

@Suite("The batch queue")
struct BatchQueueTests {
    private let start = ContinuousClock.now

    private func queue(batch: Int, waiting: Int = 1_000) -> BatchQueue<String, Int> {
        var limits = BatchLimits()
        limits.batchTokens = batch
        limits.waitingTokens = waiting
        return BatchQueue(limits)
    }

    @Test("An empty queue has no batch")
    func empty() {
        var queue = queue(batch: 10)
        #expect(queue.nextWork() == [])
        #expect(queue.count == 0 && queue.waitingTokens == 0)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let tokens: [Int]
        let batches: [[Int]]
    }

    @Test(
        "Work runs in order, in batches of at most ten tokens",
        arguments: [
            Row(testDescription: "all fits", tokens: [3, 3, 3], batches: [[0, 1, 2]]),
            Row(testDescription: "fits exactly", tokens: [4, 6, 1], batches: [[0, 1], [2]]),
            Row(testDescription: "one too many", tokens: [4, 7, 1], batches: [[0], [1, 2]]),
            Row(
                testDescription: "small work does not overtake", tokens: [6, 6, 1, 6, 1],
                batches: [[0], [1, 2], [3, 4]]),
            Row(testDescription: "larger than the budget runs alone", tokens: [2, 50, 2], batches: [[0], [1], [2]]),
            Row(testDescription: "larger than the budget first", tokens: [50, 2, 2], batches: [[0], [1, 2]]),
            Row(testDescription: "of no tokens", tokens: [0, 0, 10, 0, 1], batches: [[0, 1, 2, 3], [4]]),
            Row(testDescription: "nothing but work of no tokens", tokens: [0, 0, 0], batches: [[0, 1, 2]]),
        ],
        [Requests.together, .apart, .atOnce])
    func order(_ row: Row, as requests: Requests) {
        var queue = queue(batch: 10)
        let pieces = row.tokens.enumerated().map { (work: $0.offset, tokens: $0.element) }
        switch requests {
        case .together: #expect(queue.enqueue(pieces, at: start) == true)
        case .apart:
            for piece in pieces { #expect(queue.enqueue([piece], at: start + .seconds(piece.work)) == true) }
        case .atOnce:
            for piece in pieces { #expect(queue.enqueue([piece], at: start) == true) }
        }
        #expect(queue.count == row.tokens.count && queue.waitingTokens == row.tokens.reduce(0, +))
        for batch in row.batches {
            let waiting = queue.waitingTokens
            #expect(queue.nextWork() == batch)
            #expect(queue.waitingTokens == waiting - batch.reduce(0) { $0 + row.tokens[$1] })
        }
        #expect(queue.nextWork() == [] && queue.count == 0 && queue.waitingTokens == 0)
    }

    /// How the rows above come: as one request, one after another, or all in one instant.
    enum Requests: CaseIterable, Sendable { case together, apart, atOnce }

    @Test("Work beyond the limit of the queue is refused as a whole and changes nothing")
    func capacity() {
        var queue = queue(batch: 10, waiting: 20)
        let taken = [15, 16, 5, 11, 0].enumerated().map { index, tokens in
            queue.enqueue([(index, tokens / 2), (index, tokens - tokens / 2)], at: start)
        }
        #expect(taken == [true, false, true, false, true])
        #expect(queue.count == 6 && queue.waitingTokens == 20)
        #expect(queue.nextWork() == [0, 2])
        #expect(queue.waitingTokens == 11)
        // What fits one batch is not refused for the tokens that wait.
        #expect(queue.enqueue([(5, 10)], at: start) == true)
    }

    @Test("An empty queue accepts any work, so that no request is refused for ever")
    func oversized() {
        var queue = queue(batch: 10, waiting: 20)
        let taken = [queue.enqueue([(0, 1_000)], at: start), queue.enqueue([(1, 11)], at: start)]
        #expect(taken == [true, false])
        #expect(queue.nextWork() == [0])
        #expect(queue.enqueue([(2, 1_000)], at: start) == true)
    }

    @Test("Work that would wait too long is refused with a time to retry")
    func expectedWait() {
        var queue = queue(batch: 10, waiting: 1_000)
        let second = Duration.seconds(1)
        func ask(_ tokens: Int, at now: ContinuousClock.Instant, wait: Duration) -> BatchQueue<String, Int>.Admission {
            queue.enqueue([(0, tokens)], for: "A", at: now, wait: wait, timePerToken: second)
        }
        #expect(ask(10, at: start, wait: .zero) == .taken)
        // Ten tokens are due, a second each.
        #expect(ask(1, at: start, wait: .seconds(7)) == .refused(retryAfter: .seconds(3)))
        #expect(ask(5, at: start, wait: .seconds(10)) == .taken)
        // The first ten of these are due at once, the others 8 · 10 and 8 · 20 seconds later.
        let large = (0..<3).map { (work: $0, tokens: 10) }
        #expect(queue.enqueue(large, for: "A", at: start, wait: .seconds(15), timePerToken: second) == .taken)
        #expect(ask(1, at: start, wait: .seconds(20)) == .refused(retryAfter: .seconds(5)))
        #expect(ask(1, at: start + .seconds(80), wait: .seconds(20)) == .refused(retryAfter: .seconds(15)))
        // 45 wait; of 1,000 that may, 990 more would leave 35 too many.
        let room = queue.enqueue([(0, 990)], for: "A", at: start, wait: .seconds(90), timePerToken: second)
        #expect(room == .refused(retryAfter: .seconds(35)))
    }

    @Test("A request that arrives during a large one runs next, and then the large one continues")
    func interleaving() {
        var queue = queue(batch: 100, waiting: 100_000)
        let large = (0..<500).map { (work: $0, tokens: 100) }
        #expect(queue.enqueue(large, at: start) == true)
        #expect(queue.nextWork() == [0])
        // Part 1 is due after what part 0 takes at the large request's share: 8 times 100 ms.
        let lone = [(work: 1_000, tokens: 60), (work: 1_001, tokens: 30)]
        #expect(queue.enqueue(lone, at: start + .milliseconds(100)) == true)
        #expect(queue.nextWork() == [1_000, 1_001])
        #expect(queue.nextWork() == [1])
        // Part 3 is due by now.
        #expect(queue.enqueue([(work: 1_002, tokens: 100)], at: start + .seconds(2.5)) == true)
        #expect(queue.nextWork() == [2] && queue.nextWork() == [3] && queue.nextWork() == [1_002])
    }

    @Test("Many small requests do not starve large ones, and many large requests do not starve small ones")
    func shares() {
        var queue = queue(batch: 100, waiting: .max)
        for others in 0..<16 {
            let large = (0..<100).map { (work: $0, tokens: 100) }
            #expect(queue.enqueue(large, at: start, others: others) == true)
        }
        var now = start
        var done = (lone: 0, large: 0)
        // Lone requests come as fast as anything can be done, 100 tokens in 100 ms.
        for _ in 0..<400 {
            #expect(queue.enqueue([(work: -1, tokens: 100)], at: now) == true)
            if queue.nextWork() == [-1] { done.lone += 1 } else { done.large += 1 }
            now += .milliseconds(100)
        }
        // 16 large ones claim (1 + 1/2 + … + 1/16) / 8 of the machine, beside a claim of all of it.
        #expect(done.large > 90 && done.lone > 250)
    }

    @Test("Removed work leaves the queue together with its tokens")
    func removal() {
        var queue = queue(batch: 10, waiting: 20)
        for piece in 0..<5 { #expect(queue.enqueue([(piece, 4)], at: start) == true) }
        queue.removeAll { $0 % 2 == 0 }
        #expect(queue.count == 2 && queue.waitingTokens == 8)
        #expect(queue.enqueue([(7, 12)], at: start) == true)
        #expect(queue.nextWork() == [1, 3] && queue.nextWork() == [7])
    }

    @Test("Over many rounds all work runs once and in order, and the token count stays correct")
    func steady() {
        var queue = queue(batch: 10, waiting: 1_000)
        var sizes: [Int] = []
        var run: [Int] = []
        for round in 0..<2_000 {
            for _ in 0..<(round % 7) where queue.enqueue([(sizes.count, round % 13)], at: start + .seconds(round)) {
                sizes.append(round % 13)
            }
            run += queue.nextWork()
            #expect(queue.count == sizes.count - run.count)
            #expect(queue.waitingTokens == sizes[run.count...].reduce(0, +))
        }
        while queue.count > 0 { run += queue.nextWork() }
        #expect(run == Array(sizes.indices))
    }

    @Test("A batch holds work of one model, that of the earliest work")
    func models() {
        var queue = queue(batch: 10)
        for (index, model) in ["A", "B", "A", "B", "B"].enumerated() {
            #expect(queue.enqueue([(index, 4)], for: model, at: start + .seconds(index)) == true)
        }
        #expect(queue.count == 5 && queue.waitingTokens == 20)
        var batches: [(String, [Int])] = []
        while let (model, work) = queue.next() { batches.append((model, work)) }
        #expect(batches.map(\.0) == ["A", "B", "B"] && batches.map(\.1) == [[0, 2], [1, 3], [4]])
        #expect(queue.count == 0 && queue.waitingTokens == 0)
    }

    @Test("A stream of small jobs yields to other requests as one large request does")
    func streams() {
        var queue = queue(batch: 10)
        // Each of these comes after the tokens of the same client that are in progress.
        for index in 0..<5 { #expect(queue.enqueue([(index, 10)], at: start, after: 10 * index) == true) }
        #expect(queue.enqueue([(100, 10)], at: start + .milliseconds(1)) == true)
        #expect(queue.nextWork() == [0] && queue.nextWork() == [100] && queue.nextWork() == [1])
    }

    @Test("The queue does not retain work that it has handed out")
    func storage() throws {
        final class Work {}
        var queue = BatchQueue<String, Work>(BatchLimits())
        weak var kept: Work?
        do {
            let work = Work()
            kept = work
            _ = queue.enqueue([(work, 1)], at: start)
        }
        #expect(kept != nil)
        #expect(queue.nextWork().count == 1)
        #expect(kept == nil)
    }
}

extension BatchQueue where Model == String {
    /// Whether it is taken in where a token takes a millisecond and any wait will do.
    fileprivate mutating func enqueue(
        _ parts: [(work: Work, tokens: Int)], for model: String = "A", at now: ContinuousClock.Instant,
        after before: Int = 0, others: Int = 0
    ) -> Bool {
        enqueue(
            parts, for: model, at: now, wait: .seconds(1e6), timePerToken: .milliseconds(1), after: before,
            others: others) == .taken
    }

    /// The next batch's work; empty where nothing waits.
    fileprivate mutating func nextWork() -> [Work] { next()?.work ?? [] }
}
