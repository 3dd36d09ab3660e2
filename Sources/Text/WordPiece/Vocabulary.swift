/// The tokens of a BERT vocabulary (`vocab.txt`), one per line. A token's id is its line number, counted from 0.
public struct Vocabulary: Sendable {
    /// The id of `[UNK]`, for words that the vocabulary cannot represent.
    public let unknown: Int32
    /// The id of `[CLS]`, the first token of a window.
    public let classification: Int32
    /// The id of `[SEP]`, which ends each sentence.
    public let separator: Int32
    /// The id of `[PAD]`, which fills unused positions.
    public let padding: Int32
    /// The id of `[MASK]`, or `nil` if the vocabulary does not contain it.
    public let mask: Int32?

    let trie: PieceTrie
    private let text: [UInt8]
    private let lines: [Range<Int>]

    /// Parses the bytes of a `vocab.txt` file: UTF-8, with LF or CRLF line ends. The last line end is optional.
    ///
    /// - Throws: ``TextError`` if a line is empty, not UTF-8 or a duplicate, if `[UNK]`, `[CLS]`, `[SEP]` or `[PAD]` is
    ///   missing, if there are no lines, or if the file is too large.
    public init(vocabularyText bytes: [UInt8]) throws(TextError) {
        guard bytes.count <= Int32.max else { throw .vocabularyTooLarge(bytes: bytes.count) }
        let (trie, lines) = try Self.index(bytes)
        guard !lines.isEmpty else { throw .emptyVocabulary }

        func id(_ piece: String) -> Int32? {
            trie.edge(along: piece.unicodeScalars).flatMap { $0.piece == PieceTrie.noPiece ? nil : $0.piece }
        }
        guard let unknown = id("[UNK]"), let classification = id("[CLS]"), let separator = id("[SEP]"),
            let padding = id("[PAD]")
        else { throw .missingSpecialTokens(["[UNK]", "[CLS]", "[SEP]", "[PAD]"].filter { id($0) == nil }) }
        self.unknown = unknown
        self.classification = classification
        self.separator = separator
        self.padding = padding
        mask = id("[MASK]")
        self.trie = trie
        self.lines = lines
        text = bytes
    }

    /// The number of tokens.
    public var count: Int { lines.count }

    /// Returns the id of a token as spelt in the vocabulary (`##` marks a continuation), or `nil` if it is unknown.
    public func id(of piece: String) -> Int32? {
        guard let edge = trie.edge(along: piece.unicodeScalars), edge.piece != PieceTrie.noPiece else { return nil }
        return edge.piece
    }

    /// Returns the token with this id, as spelt in the vocabulary, or `nil` if there is none.
    public func piece(at id: Int32) -> String? {
        guard let index = Int(exactly: id), lines.indices.contains(index) else { return nil }
        return String(decoding: text[lines[index]], as: UTF8.self)
    }

    /// Returns the tokens as a trie, and the byte range of each token in `bytes`.
    private static func index(_ bytes: [UInt8]) throws(TextError) -> (PieceTrie, [Range<Int>]) {
        let utf8: UTF8Span
        do {
            utf8 = try UTF8Span(validating: bytes.span)
        } catch {
            throw .notUTF8(line: 1 + bytes[..<error.byteOffsets.lowerBound].count { $0 == UInt8(ascii: "\n") })
        }
        // Tokens share prefixes, so there are rarely more than half as many edges as code points.
        var trie = PieceTrie(capacity: bytes.count / 2)
        var lines: [Range<Int>] = []
        lines.reserveCapacity(bytes.count / 8)
        var piece: [Unicode.Scalar] = []
        var start = 0

        func endLine(at end: Int) throws(TextError) {
            if piece.last == "\r" { piece.removeLast() }
            guard !piece.isEmpty else { throw .emptyPiece(line: lines.count + 1) }
            if let earlier = trie.insert(piece, id: Int32(lines.count)) {
                throw .duplicatePiece(
                    piece.reduce(into: "") { $0.unicodeScalars.append($1) }, firstLine: Int(earlier) + 1,
                    secondLine: lines.count + 1)
            }
            lines.append(start..<end - (bytes[end - 1] == UInt8(ascii: "\r") ? 1 : 0))
            piece.removeAll(keepingCapacity: true)
        }

        var scalars = utf8.makeUnicodeScalarIterator()
        while let scalar = scalars.next() {
            guard scalar == "\n" else {
                piece.append(scalar)
                continue
            }
            try endLine(at: scalars.currentCodeUnitOffset - 1)
            start = scalars.currentCodeUnitOffset
        }
        if !piece.isEmpty { try endLine(at: bytes.count) }
        return (trie, lines)
    }
}
