/// A sink that keeps all tokens with their offsets.
struct OffsetPieces: PieceSink {
    var pieces: [WordPieceTokenizer.Piece] = []

    var isCut: Bool {
        @inline(__always) get { false }
    }

    @inline(__always)
    mutating func append(_ id: Int32, from start: Int, to end: Int) {
        pieces.append(WordPieceTokenizer.Piece(id: id, start: start, end: end))
    }
}
