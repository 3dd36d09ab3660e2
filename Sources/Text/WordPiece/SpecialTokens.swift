/// The special tokens of a vocabulary, which are found in a text as it is, before it is normalised.
struct SpecialTokens: Sendable {
    /// What every one begins with.
    static let opening: UInt32 = 0x5B

    private let tokens: [(scalars: [Unicode.Scalar], id: Int32)]

    init(of vocabulary: Vocabulary) {
        tokens = ["[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"].compactMap { token in
            vocabulary.id(of: token).map { (Array(token.unicodeScalars), $0) }
        }
    }

    /// The id and the length of the special token that starts at `start`, of which none is the beginning of another.
    func match(in text: Span<Unicode.Scalar>, at start: Int) -> (id: Int32, length: Int)? {
        for (scalars, id) in tokens
        where scalars.count <= text.count - start && scalars.indices.allSatisfy({ scalars[$0] == text[start + $0] }) {
            return (id, scalars.count)
        }
        return nil
    }
}
