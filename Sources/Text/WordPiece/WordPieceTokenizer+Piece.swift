extension WordPieceTokenizer {
    /// A piece and the code points of the text it stands for.
    public struct Piece: Sendable, Equatable {
        /// The line of the vocabulary, from 0.
        public var id: Int32
        /// The first code point.
        public var start: Int
        /// The code point after the last.
        public var end: Int

        /// The piece `id` for the code points from `start` up to `end`.
        public init(id: Int32, start: Int, end: Int) {
            self.id = id
            self.start = start
            self.end = end
        }
    }
}
