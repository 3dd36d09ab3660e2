/// BERT's WordPiece tokenizer: splits words into the longest tokens of a vocabulary and records each token's offsets in
/// the original text.
///
/// Ids and offsets are those of Hugging Face's `BertTokenizerFast` (tokenizers 0.23.3). Special tokens are recognised
/// in the unmodified text. The rest is cleaned, Chinese characters are surrounded with spaces, accents are stripped and
/// letters converted to lower case as ``Options`` specify, and punctuation is split off. Then every word is matched
/// greedily (Wu et al. 2016, section 4.1; Devlin et al. 2019). The time is linear in the length of the text, for any
/// text.
public struct WordPieceTokenizer: Sendable {
    /// The vocabulary whose tokens are used.
    public let vocabulary: Vocabulary
    /// The normalisation options.
    public let options: Options
    let model: WordPieceModel
    let rules: CharacterRules
    let specialTokens: SpecialTokens

    /// Creates a tokenizer for `vocabulary`.
    public init(vocabulary: Vocabulary, options: Options = Options()) {
        self.vocabulary = vocabulary
        self.options = options
        model = WordPieceModel(vocabulary)
        rules = CharacterRules(options)
        specialTokens = SpecialTokens(of: vocabulary)
    }

    /// Returns the tokens of a text, without `[CLS]` and `[SEP]` around them. Offsets count from the start of the
    /// slice.
    public func encode(_ scalars: ArraySlice<Unicode.Scalar>) -> [Piece] {
        var sink = OffsetPieces()
        encode(scalars.span, into: &sink)
        return sink.pieces
    }

    /// Appends the ids of a text's tokens to `ids`, at most `limit` of them.
    ///
    /// - Returns: Whether the text has more tokens than `limit`.
    public func appendIDs(of scalars: ArraySlice<Unicode.Scalar>, to ids: inout [Int32], limit: Int = .max) -> Bool {
        var sink = LimitedIDs(ids: [], room: limit)
        swap(&sink.ids, &ids)
        encode(scalars.span, into: &sink)
        swap(&sink.ids, &ids)
        return sink.isCut
    }
}
