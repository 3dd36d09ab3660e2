/// The special tokens of a vocabulary, which are recognised in the text before it is normalised.
struct SpecialTokens: Sendable {
    /// The first code point of every special token, `[`.
    static let opening: UInt32 = 0x5B

    private let tokens: [(scalars: [Unicode.Scalar], id: Int32)]

    init(of vocabulary: Vocabulary) {
        tokens = ["[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"].compactMap { token in
            vocabulary.id(of: token).map { (Array(token.unicodeScalars), $0) }
        }
    }

    /// Returns the id and the length of the special token that starts at `start`. No special token is a prefix of
    /// another.
    func match(in text: Span<Unicode.Scalar>, at start: Int) -> (id: Int32, length: Int)? {
        for (scalars, id) in tokens
        where scalars.count <= text.count - start && scalars.indices.allSatisfy({ scalars[$0] == text[start + $0] }) {
            return (id, scalars.count)
        }
        return nil
    }
}
