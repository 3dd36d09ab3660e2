import Serving
import Testing

@Suite("Which waiting work runs next")
struct BatchQueueTests {
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
        #expect(queue.count == 0 && queue.waitingTokens == 0)
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
        ])
    func order(_ row: Row) {
        var queue = queue(batch: 10)
        let taken = row.tokens.enumerated().map { queue.enqueue($0.offset, tokens: $0.element) }
        #expect(!taken.contains(false))
        #expect(queue.count == row.tokens.count && queue.waitingTokens == row.tokens.reduce(0, +))
        for batch in row.batches {
            let waiting = queue.waitingTokens
            #expect(queue.next() == batch)
            #expect(queue.waitingTokens == waiting - batch.reduce(0) { $0 + row.tokens[$1] })
        }
        #expect(queue.next() == [] && queue.count == 0 && queue.waitingTokens == 0)
    }

    @Test("Work beyond what may wait is turned away and leaves no trace")
    func capacity() {
        var queue = queue(batch: 10, waiting: 20)
        let taken = [15, 6, 5, 1, 0].enumerated().map { queue.enqueue($0.offset, tokens: $0.element) }
        #expect(taken == [true, false, true, false, true])
        #expect(queue.count == 3 && queue.waitingTokens == 20)
        #expect(queue.next() == [0])
        let takenAgain = queue.enqueue(5, tokens: 15)
        #expect(takenAgain)
        #expect(queue.next() == [2, 4])
        #expect(queue.next() == [5])
    }

    @Test("An empty queue takes any work, so that none is turned away for ever")
    func oversized() {
        var queue = queue(batch: 10, waiting: 20)
        let taken = [queue.enqueue(0, tokens: 1_000), queue.enqueue(1, tokens: 1)]
        #expect(taken == [true, false])
        #expect(queue.next() == [0])
        let takenAgain = queue.enqueue(2, tokens: 1_000)
        #expect(takenAgain)
    }

    @Test("However work comes and goes, it is run once, in order, and its tokens are accounted for")
    func steady() {
        var queue = queue(batch: 10, waiting: 1_000)
        var sizes: [Int] = []
        var run: [Int] = []
        for round in 0..<20_000 {
            for _ in 0..<(round % 7) where queue.enqueue(sizes.count, tokens: round % 13) { sizes.append(round % 13) }
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
            _ = queue.enqueue(work, tokens: 1)
        }
        #expect(kept != nil)
        #expect(queue.next().count == 1)
        #expect(kept == nil)
    }
}
