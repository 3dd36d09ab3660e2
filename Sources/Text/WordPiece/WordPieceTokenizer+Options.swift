extension WordPieceTokenizer {
    /// How text is normalised before it is matched.
    public struct Options: Sendable, Equatable {
        /// Whether letters are lowercased (`do_lower_case`).
        public var lowercase: Bool
        /// Whether accents are stripped (`strip_accents`); `nil` where `lowercase` decides.
        public var stripsAccents: Bool?
        /// Whether every Chinese character is a word (`tokenize_chinese_chars`).
        public var splitsCJK: Bool

        /// Options, by default those of an uncased model.
        public init(lowercase: Bool = true, stripsAccents: Bool? = nil, splitsCJK: Bool = true) {
            self.lowercase = lowercase
            self.stripsAccents = stripsAccents
            self.splitsCJK = splitsCJK
        }
    }
}
