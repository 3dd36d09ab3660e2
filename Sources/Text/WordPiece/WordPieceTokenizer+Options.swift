extension WordPieceTokenizer {
    /// The normalisation that is applied to the text before words are matched.
    public struct Options: Sendable, Equatable {
        /// Whether letters are converted to lower case (`do_lower_case`).
        public var lowercase: Bool
        /// Whether accents are stripped (`strip_accents`). `nil` means the same value as `lowercase`.
        public var stripsAccents: Bool?
        /// Whether every Chinese character is a word of its own (`tokenize_chinese_chars`).
        public var splitsCJK: Bool

        /// Creates options. The defaults are those of an uncased model.
        public init(lowercase: Bool = true, stripsAccents: Bool? = nil, splitsCJK: Bool = true) {
            self.lowercase = lowercase
            self.stripsAccents = stripsAccents
            self.splitsCJK = splitsCJK
        }
    }
}
