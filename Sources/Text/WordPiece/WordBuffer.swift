/// The word being read: its normalised code points and where in the text each comes from.
struct WordBuffer {
    /// A longer word is unknown, whatever the vocabulary.
    static let limit = 100

    private var codePoints = InlineArray<100, UInt32>(repeating: 0)
    private var places = InlineArray<100, Int>(repeating: 0)
    private var pieceIDs = InlineArray<100, Int32>(repeating: 0)
    private var pieceEnds = InlineArray<100, Int>(repeating: 0)
    private var count = 0
    private var lastPlace = 0

    /// Adds a code point that comes from the one at `place` in the text.
    @inline(__always)
    mutating func append(_ codePoint: UInt32, at place: Int) {
        if count < Self.limit {
            codePoints[count] = codePoint
            places[count] = place
        }
        count += 1
        lastPlace = place
    }

    /// Hands the word's pieces to `sink` and starts the next one: the longest piece that fits, again and again, or
    /// `[UNK]` for the whole word where at some place none fits.
    @inline(__always)
    mutating func finish(with model: WordPieceModel, into sink: inout some PieceSink) {
        guard count > 0 else { return }
        let pieceCount = count <= Self.limit ? match(with: model) : 0
        if pieceCount == 0 { sink.append(model.unknown, from: places[0], to: lastPlace + 1) }
        var start = 0
        for piece in 0..<pieceCount {
            let end = pieceEnds[piece]
            sink.append(pieceIDs[piece], from: places[start], to: places[end - 1] + 1)
            start = end
        }
        count = 0
    }

    /// The number of pieces that make up the word, left in `pieceIDs` and `pieceEnds`; 0 where none do.
    @inline(__always)
    private mutating func match(with model: WordPieceModel) -> Int {
        var pieceCount = 0
        var start = 0
        while start < count {
            guard var node = start == 0 ? PieceTrie.root : model.continuation else { return 0 }
            var longest = PieceTrie.noPiece
            var end = start
            var index = start
            while index < count, let edge = model.trie.edge(from: node, by: codePoints[index]) {
                index += 1
                node = edge.node
                if edge.piece != PieceTrie.noPiece {
                    longest = edge.piece
                    end = index
                }
            }
            guard longest != PieceTrie.noPiece else { return 0 }
            pieceIDs[pieceCount] = longest
            pieceEnds[pieceCount] = end
            pieceCount += 1
            start = end
        }
        return pieceCount
    }
}
