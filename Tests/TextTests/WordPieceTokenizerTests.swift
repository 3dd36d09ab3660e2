import Testing
import Text

@Suite("WordPiece tokenizer")
struct WordPieceTokenizerTests {
    /// The tokens with ids 4 to 10.
    private static let pieces = ["un", "##aff", "##able", "unaff", "##ect", ".", "[MASK]"]

    struct Example: CustomTestStringConvertible {
        var name: String
        var text: String
        var pieces: [[Int]]
        var testDescription: String { name }
    }

    @Test(
        "A word is split into the longest tokens, each with its offsets",
        arguments: [
            Example(name: "longest first", text: "unaffable", pieces: [[7, 0, 5], [6, 5, 9]]),
            Example(name: "no backtracking after the longest", text: "unaffect", pieces: [[7, 0, 5], [8, 5, 8]]),
            Example(name: "unknown as a whole", text: "un unaffx.", pieces: [[4, 0, 2], [1, 3, 9], [9, 9, 10]]),
            Example(name: "a continuation does not begin a word", text: "able", pieces: [[1, 0, 4]]),
            Example(name: "accents and case", text: " ÚN\u{0301}.", pieces: [[4, 1, 3], [9, 4, 5]]),
            Example(
                name: "special tokens", text: "un[MASK][SEP]un",
                pieces: [[4, 0, 2], [10, 2, 8], [3, 8, 13], [4, 13, 15]]),
            Example(name: "no words", text: " \u{200B}\n\u{301}", pieces: []),
        ])
    func cutsWords(example: Example) throws {
        let tokenizer = WordPieceTokenizer(vocabulary: try Vocabulary(special: Self.pieces))
        let pieces = tokenizer.encode(Array(example.text.unicodeScalars)[...])
        #expect(pieces.map { [Int($0.id), $0.start, $0.end] } == example.pieces)
    }

    @Test("Case and accents are kept for a cased vocabulary")
    func casedVocabulary() throws {
        let vocabulary = try Vocabulary(special: ["Ménière", "##'", "'", "s", "menie", "##re"])
        let text = Array("Ménière's menière".unicodeScalars)
        let cased = WordPieceTokenizer(vocabulary: vocabulary, options: .init(lowercase: false))
        #expect(cased.encode(text[...]).map(\.id) == [4, 6, 7, vocabulary.unknown])
        let uncased = WordPieceTokenizer(vocabulary: vocabulary, options: .init(lowercase: true))
        #expect(uncased.encode(text[...]).map(\.id) == [8, 9, 6, 7, 8, 9].map(Int32.init))
    }

    @Test("Offsets count from the start of the slice")
    func offsetsOfASlice() throws {
        let tokenizer = WordPieceTokenizer(vocabulary: try Vocabulary(special: Self.pieces))
        let text = Array("un un.".unicodeScalars)
        #expect(tokenizer.encode(text[3...]) == tokenizer.encode(Array("un.".unicodeScalars)[...]))
    }

    @Test(
        "Ids are limited and truncation reported", arguments: [(0, true), (1, true), (3, true), (4, false), (9, false)])
    func limitsIDs(limit: Int, isCut: Bool) throws {
        let tokenizer = WordPieceTokenizer(vocabulary: try Vocabulary(special: Self.pieces))
        let text = Array("unaffable un.".unicodeScalars)
        var ids: [Int32] = [2]
        #expect(tokenizer.appendIDs(of: text[...], to: &ids, limit: limit) == isCut)
        #expect(ids == [2] + [7, 6, 4, 9].prefix(limit))
    }

    @Test("A word of more than 100 code points becomes [UNK]", arguments: [(99, 99), (100, 100), (101, 1)])
    func limitsWords(length: Int, pieces: Int) throws {
        let tokenizer = WordPieceTokenizer(vocabulary: try Vocabulary(special: ["a", "##a"]))
        let found = tokenizer.encode(Array(repeating: "a", count: length)[...])
        #expect(found.count == pieces)
        #expect(found.last?.end == length)
    }

    struct Flood: CustomTestStringConvertible {
        var name: String
        var pattern: [Unicode.Scalar]
        var testDescription: String { name }
    }

    @Test(
        "Tokenisation takes linear time",
        .timeLimit(.minutes(10)),
        arguments: [
            Flood(name: "one word", pattern: ["a"]),
            Flood(name: "stripped marks", pattern: ["\u{301}"]),
            Flood(name: "surviving marks", pattern: ["\u{302E}"]),
            Flood(name: "marks of many classes", pattern: ["\u{302E}", "\u{301}", "\u{334}", "\u{1B44}"]),
            Flood(name: "decompositions that end in marks", pattern: ["\u{1D15E}", "\u{334}", "\u{301}"]),
            Flood(name: "brackets", pattern: ["["]),
            Flood(name: "almost special tokens", pattern: Array("[MASK".unicodeScalars)),
            Flood(name: "Chinese characters", pattern: ["\u{4E2D}"]),
            Flood(name: "words just short enough", pattern: Array(repeating: "a", count: 100) + [" "]),
        ])
    func isLinear(flood: Flood) throws {
        // Quadratic time would be 4 million times a million steps, which takes hours.
        let tokenizer = WordPieceTokenizer(vocabulary: try Vocabulary(special: ["a", "##a", "##aa"]))
        let text = (0..<4_000_000).map { flood.pattern[$0 % flood.pattern.count] }
        let pieces = tokenizer.encode(text[...])
        #expect(pieces.allSatisfy { 0 <= $0.start && $0.start < $0.end && $0.end <= text.count })
        #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.end <= $1.start })
    }
}
