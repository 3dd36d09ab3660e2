/// BERT's tokenizer: words cut into the longest pieces of a vocabulary, each with its place in the original text.
///
/// Ids and offsets are those of Hugging Face's `BertTokenizerFast` (tokenizers 0.23.3): special tokens are taken from
/// the text as it is; the rest is cleaned, Chinese characters are spaced out, accents stripped and letters lowercased as
/// ``Options`` say, punctuation split off, and every word matched greedily (Wu et al. 2016, section 4.1; Devlin et al.
/// 2019). Time is linear in the text, whatever it holds.
public struct WordPieceTokenizer: Sendable {
    /// The pieces this tokenizer knows.
    public let vocabulary: Vocabulary
    /// How it normalises.
    public let options: Options
    let model: WordPieceModel
    let rules: CharacterRules
    let specialTokens: SpecialTokens

    /// A tokenizer for `vocabulary`.
    public init(vocabulary: Vocabulary, options: Options = Options()) {
        self.vocabulary = vocabulary
        self.options = options
        model = WordPieceModel(vocabulary)
        rules = CharacterRules(options)
        specialTokens = SpecialTokens(of: vocabulary)
    }

    /// The pieces of a text, without `[CLS]` and `[SEP]` around them; offsets count from the slice's start.
    public func encode(_ scalars: ArraySlice<Unicode.Scalar>) -> [Piece] {
        var sink = OffsetPieces()
        encode(scalars.span, into: &sink)
        return sink.pieces
    }

    /// Appends the ids of a text's pieces to `ids`, at most `limit` of them.
    ///
    /// - Returns: Whether the text has more pieces than `limit`.
    public func appendIDs(of scalars: ArraySlice<Unicode.Scalar>, to ids: inout [Int32], limit: Int = .max) -> Bool {
        var sink = LimitedIDs(ids: [], room: limit)
        swap(&sink.ids, &ids)
        encode(scalars.span, into: &sink)
        swap(&sink.ids, &ids)
        return sink.isCut
    }
}
