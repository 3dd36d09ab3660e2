/// The parts of a vocabulary that are needed to match words.
struct WordPieceModel: Sendable {
    let trie: PieceTrie
    /// The trie node where tokens that continue a word (`##…`) start, or `nil` if the vocabulary has none.
    let continuation: UInt32?
    let unknown: Int32

    init(_ vocabulary: Vocabulary) {
        trie = vocabulary.trie
        continuation = vocabulary.trie.edge(along: "##".unicodeScalars)?.node
        unknown = vocabulary.unknown
    }
}
