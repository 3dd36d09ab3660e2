extension WordPieceTokenizer {
    /// A token and the range of code points of the text that it represents.
    public struct Piece: Sendable, Equatable {
        /// The id of the token: its line in the vocabulary, counted from 0.
        public var id: Int32
        /// The index of the first code point.
        public var start: Int
        /// The index after the last code point.
        public var end: Int

        /// Creates a token with this `id` for the code points from `start` up to, but not including, `end`.
        public init(id: Int32, start: Int, end: Int) {
            self.id = id
            self.start = start
            self.end = end
        }
    }
}
