/// The word being read: its normalised code points and the offset of each in the text.
struct WordBuffer {
    /// The longest word that is matched, in code points. A longer word becomes `[UNK]`.
    static let limit = 100

    private var codePoints = InlineArray<100, UInt32>(repeating: 0)
    private var places = InlineArray<100, Int>(repeating: 0)
    private var pieceIDs = InlineArray<100, Int32>(repeating: 0)
    private var pieceEnds = InlineArray<100, Int>(repeating: 0)
    private var count = 0
    private var lastPlace = 0

    /// Adds a code point that comes from offset `place` in the text.
    @inline(__always)
    mutating func append(_ codePoint: UInt32, at place: Int) {
        if count < Self.limit {
            codePoints[count] = codePoint
            places[count] = place
        }
        count += 1
        lastPlace = place
    }

    /// Sends the word's tokens to `sink` and resets the buffer for the next word.
    ///
    /// The longest matching token is taken repeatedly. If nothing matches at some position, the whole word becomes
    /// `[UNK]`.
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

    /// Splits the word into tokens, stored in `pieceIDs` and `pieceEnds`. Returns their number, or 0 if the word cannot
    /// be represented.
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
