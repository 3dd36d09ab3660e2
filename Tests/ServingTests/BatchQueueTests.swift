import Serving
import Testing

@Suite("Which waiting work runs next")
struct BatchQueueTests {
    private let start = ContinuousClock.now

    private func queue(batch: Int, waiting: Int = 1_000) -> BatchQueue<Int> {
        var limits = BatchLimits()
        limits.batchTokens = batch
        limits.waitingTokens = waiting
        return BatchQueue(limits)
    }

    @Test("An empty queue has nothing to run")
    func empty() {
        var queue = queue(batch: 10)
        #expect(queue.next() == [])
        #expect(queue.count == 0 && queue.waitingTokens == 0 && queue.dueTokens(at: start) == 0)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let tokens: [Int]
        let batches: [[Int]]
    }

    @Test(
        "Work runs in its order, together as far as the budget of ten reaches",
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
        case .together: #expect(queue.enqueue(pieces, at: start, timePerToken: .seconds(1)) == true)
        case .apart:
            for piece in pieces { #expect(queue.enqueue([piece], at: start + .seconds(piece.work)) == true) }
        case .atOnce:
            for piece in pieces { #expect(queue.enqueue([piece], at: start) == true) }
        }
        #expect(queue.count == row.tokens.count && queue.waitingTokens == row.tokens.reduce(0, +))
        for batch in row.batches {
            let waiting = queue.waitingTokens
            #expect(queue.next() == batch)
            #expect(queue.waitingTokens == waiting - batch.reduce(0) { $0 + row.tokens[$1] })
        }
        #expect(queue.next() == [] && queue.count == 0 && queue.waitingTokens == 0)
    }

    /// How the rows above come: as one request, one after another, or all in one instant.
    enum Requests: CaseIterable, Sendable { case together, apart, atOnce }

    @Test("Work beyond what may wait is turned away whole and leaves no trace")
    func capacity() {
        var queue = queue(batch: 10, waiting: 20)
        let taken = [15, 6, 5, 1, 0].enumerated().map { index, tokens in
            queue.enqueue([(index, tokens / 2), (index, tokens - tokens / 2)], at: start)
        }
        #expect(taken == [true, false, true, false, true])
        #expect(queue.count == 6 && queue.waitingTokens == 20)
        #expect(queue.next() == [0])
        #expect(queue.enqueue([(5, 7)], at: start) == true)
        #expect(queue.waitingTokens == 20)
    }

    @Test("An empty queue takes any work, so that none is turned away for ever")
    func oversized() {
        var queue = queue(batch: 10, waiting: 20)
        let taken = [queue.enqueue([(0, 1_000)], at: start), queue.enqueue([(1, 1)], at: start)]
        #expect(taken == [true, false])
        #expect(queue.next() == [0])
        #expect(queue.enqueue([(2, 1_000)], at: start) == true)
    }

    @Test("What comes while a large request waits runs next; the large one goes on where it was")
    func interleaving() {
        var queue = queue(batch: 100, waiting: 100_000)
        let large = (0..<500).map { (work: $0, tokens: 100) }
        #expect(queue.enqueue(large, at: start, timePerToken: .milliseconds(1)) == true)
        #expect(queue.next() == [0])
        // Piece 1 is due after what piece 0 takes at the large request's share: 8 times 100 ms.
        #expect(
            queue.enqueue([(work: 1_000, tokens: 60), (work: 1_001, tokens: 30)], at: start + .milliseconds(100))
                == true)
        #expect(queue.dueTokens(at: start + .milliseconds(100)) == 90)
        #expect(queue.next() == [1_000, 1_001])
        #expect(queue.next() == [1])
    }

    @Test("However many lone requests come, a large one has its share")
    func share() {
        var queue = queue(batch: 100, waiting: .max)
        #expect(
            queue.enqueue((0..<100).map { (work: $0, tokens: 100) }, at: start, timePerToken: .milliseconds(1)) == true)
        var now = start
        var lone = 1_000
        var done = 0
        // Lone requests come twice as fast as anything can be done, 100 tokens in 100 ms.
        for _ in 0..<800 {
            for _ in 0..<2 {
                #expect(queue.enqueue([(work: lone, tokens: 100)], at: now, timePerToken: .milliseconds(1)) == true)
                lone += 1
            }
            done += queue.next().count { $0 < 1_000 }
            now += .milliseconds(100)
        }
        // An eighth of 800, less those that wait behind lone ones that were due before them.
        #expect((45...100).contains(done))
    }

    @Test("Work that nobody waits for any longer is gone, and its tokens with it")
    func removal() {
        var queue = queue(batch: 10, waiting: 20)
        for piece in 0..<5 { #expect(queue.enqueue([(piece, 4)], at: start) == true) }
        queue.removeAll { $0 % 2 == 0 }
        #expect(queue.count == 2 && queue.waitingTokens == 8)
        #expect(queue.enqueue([(7, 12)], at: start) == true)
        #expect(queue.next() == [1, 3] && queue.next() == [7])
    }

    @Test("However work comes and goes, it is run once, in order, and its tokens are accounted for")
    func steady() {
        var queue = queue(batch: 10, waiting: 1_000)
        var sizes: [Int] = []
        var run: [Int] = []
        for round in 0..<20_000 {
            for _ in 0..<(round % 7) where queue.enqueue([(sizes.count, round % 13)], at: start + .seconds(round)) {
                sizes.append(round % 13)
            }
            run += queue.next()
            #expect(queue.count == sizes.count - run.count)
            #expect(queue.waitingTokens == sizes[run.count...].reduce(0, +))
        }
        while queue.count > 0 { run += queue.next() }
        #expect(run == Array(sizes.indices))
    }

    @Test("Work that was handed out is not kept")
    func storage() throws {
        final class Work {}
        var queue = BatchQueue<Work>(BatchLimits())
        weak var kept: Work?
        do {
            let work = Work()
            kept = work
            _ = queue.enqueue([(work, 1)], at: start, timePerToken: .zero)
        }
        #expect(kept != nil)
        #expect(queue.next().count == 1)
        #expect(kept == nil)
    }
}

extension BatchQueue {
    fileprivate mutating func enqueue(_ pieces: [(work: Work, tokens: Int)], at now: ContinuousClock.Instant) -> Bool {
        enqueue(pieces, at: now, timePerToken: .zero)
    }
}
