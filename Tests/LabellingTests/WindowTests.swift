import Checkpoint
import FoundationEssentials
import Labelling
import TestSupport
import Testing
import Text

@Suite("Windows")
struct WindowTests {
    private let tokenizer: WordPieceTokenizer
    private let labeller: Labeller

    init() throws {
        labeller = try Labeller(
            CheckpointDirectory(
                path: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()))
        tokenizer = labeller.tokenizer
    }

    /// Returns the windows for sentences with these numbers of tokens.
    private func windows(_ lengths: [Int], of windowPieces: Int, overlapping: Bool) -> [Window] {
        let windowing = Windowing(
            tokenizer, windowPieces: windowPieces, sentencePieces: windowPieces - 2, overlapping: overlapping)
        var next: Int32 = 5
        let sentences = lengths.map { length in
            (0..<length).map { _ in
                next += 1
                return next
            }
        }
        let windows = windowing.together(sentences)
        #expect(windowing.tokens(ofSentences: lengths) == windows.tokens)
        // Each span covers its own sentence and [SEP].
        for window in windows {
            #expect(window.ids.count <= windowPieces)
            #expect(window.ids.first == tokenizer.vocabulary.classification)
            for (sentence, span) in zip(sentences[window.firstSentence...], window.spans) {
                #expect(Array(window.ids[span]) == sentence + [tokenizer.vocabulary.separator])
            }
            #expect(window.spans.first?.lowerBound == 1 && window.spans.last?.upperBound == window.ids.count)
        }
        return windows
    }

    private func sentences(_ windows: [Window]) -> [Range<Int>] {
        windows.map { $0.firstSentence..<$0.firstSentence + $0.spans.count }
    }

    @Test("Sentences that fit in one window share one, overlapping or not", arguments: [false, true])
    func one(overlapping: Bool) {
        #expect(sentences(windows([4, 4, 4], of: 16, overlapping: overlapping)) == [0..<3])
        #expect(windows([], of: 16, overlapping: overlapping).isEmpty)
    }

    @Test("A disjoint window begins with the first sentence that no longer fits the one before")
    func disjoint() {
        #expect(
            sentences(windows([4, 4, 4, 4, 9, 13, 1], of: 16, overlapping: false)) == [0..<3, 3..<5, 5..<6, 6..<7])
    }

    @Test("Overlapping windows are as many as disjoint ones, but filled up with their neighbours' sentences")
    func overlapping() {
        #expect(sentences(windows([4, 4, 4, 4], of: 16, overlapping: true)) == [0..<3, 1..<4])
        #expect(sentences(windows([4, 4, 4, 4, 4], of: 16, overlapping: true)) == [0..<3, 2..<5])
        // The second of three windows is in the middle of the text.
        #expect(
            sentences(windows(.init(repeating: 2, count: 12), of: 16, overlapping: true)) == [0..<5, 4..<9, 7..<12])
    }

    @Test("For any lengths, every sentence is in a window, and no window contains another")
    func everyLength() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let limit = Int.random(in: 5...40, using: &generator)
            let lengths = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
                Int.random(in: 0...limit - 2, using: &generator)
            }
            let disjoint = sentences(windows(lengths, of: limit, overlapping: false))
            let overlapping = sentences(windows(lengths, of: limit, overlapping: true))
            #expect(overlapping.count == disjoint.count)
            #expect(overlapping.first?.lowerBound == 0 && overlapping.last?.upperBound == lengths.count)
            for (window, next) in zip(overlapping, overlapping.dropFirst()) {
                #expect(window.lowerBound < next.lowerBound && next.lowerBound <= window.upperBound)
                #expect(window.upperBound < next.upperBound)
            }
        }
    }

    @Test("A sentence in several windows gets the mean of their rows, weighted by its distance to the nearest cut")
    func weights() {
        // The windows are [CLS] a b c and [CLS] b c d: b is at 6..<11 and 1..<6, c at 11..<16 and 6..<11.
        let layout = Windowing.Layout(windows: windows([4, 4, 4, 4], of: 16, overlapping: true), truncated: [])
        #expect(layout.windows.spans == 6)
        let rows = layout.sentenceRows(LogitRows([[1], [2], [3], [20], [30], [40]])[...])
        let (b, c) = ((7.5 * 2 + 3.5 * 20) / 11, (2.5 * 3 + 8.5 * 30) / 11)
        for (found, expected) in zip(rows, [1, b, c, 40]) { #expect(abs(found[0] - expected) < 1e-12) }
        // There is one row per span if no windows overlap.
        let single = Windowing.Layout(windows: windows([4, 4, 4, 4], of: 16, overlapping: false), truncated: [])
        #expect(single.sentenceRows(LogitRows([[1], [2], [3], [4]])[...]) == [[1], [2], [3], [4]])
    }
}
