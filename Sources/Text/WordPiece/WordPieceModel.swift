/// What matching a word needs of a vocabulary.
struct WordPieceModel: Sendable {
    let trie: PieceTrie
    /// Where pieces that continue a word start; `nil` where the vocabulary has none.
    let continuation: UInt32?
    let unknown: Int32

    init(_ vocabulary: Vocabulary) {
        trie = vocabulary.trie
        continuation = vocabulary.trie.edge(along: "##".unicodeScalars)?.node
        unknown = vocabulary.unknown
    }
}
