import FoundationEssentials
import TestSupport
import Testing
import Text

@Suite("Vocabulary")
struct WordPieceVocabularyTests {
    @Test(
        "Lines are numbered from 0, with either line end, and with or without a final line end",
        arguments: ["\n", "\r\n"], [true, false])
    func numbersLines(lineEnd: String, isLastEnded: Bool) throws {
        let lines = ["[PAD]", "caf\u{E9}", "[UNK]", "##s", "[CLS]", "[SEP]"]
        let text = lines.joined(separator: lineEnd) + (isLastEnded ? lineEnd : "")
        let vocabulary = try Vocabulary(vocabularyText: Array(text.utf8))
        #expect(vocabulary.count == 6)
        #expect((0..<6).map { vocabulary.piece(at: $0) } == lines)
        #expect(lines.map { vocabulary.id(of: $0) } == [0, 1, 2, 3, 4, 5])
        #expect(vocabulary.padding == 0 && vocabulary.unknown == 2)
        #expect(vocabulary.classification == 4 && vocabulary.separator == 5)
        #expect(vocabulary.mask == nil)
    }

    @Test("In the shipped checkpoint, every token's id is its line")
    func shipped() throws {
        let vocabulary = try Vocabulary.shipped()
        #expect(vocabulary.count == 30522)
        #expect(vocabulary.mask == 103)
        #expect((0..<30522).allSatisfy { id in vocabulary.piece(at: id).map { vocabulary.id(of: $0) } == id })
    }

    @Test("Strings that are not tokens have no id", arguments: ["", "#", "##", "[MAS", "[MASK]x", "caf\u{E9}"])
    func unknownPieces(piece: String) throws {
        #expect(try Vocabulary(special: ["[MASK]", "##s"]).id(of: piece) == nil)
    }

    @Test("Ids out of range have no token", arguments: [-1, 4, Int32.min, Int32.max])
    func unknownIDs(id: Int32) throws {
        #expect(try Vocabulary(special: []).piece(at: id) == nil)
    }

    struct Refusal: CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var error: TextError
        var sentence: String
        var testDescription: String { name }
    }

    @Test(
        "An unusable vocabulary is refused with the reason",
        arguments: [
            Refusal(
                name: "empty", bytes: [], error: .emptyVocabulary, sentence: "is empty: expected one token per line"),
            Refusal(
                name: "not UTF-8", bytes: Array("[PAD]\n[UNK]\nab".utf8) + [0xFF, 0x0A], error: .notUTF8(line: 3),
                sentence: "line 3 of the vocabulary is not UTF-8"),
            Refusal(
                name: "blank line", bytes: Array("[PAD]\n\n[UNK]\n".utf8), error: .emptyPiece(line: 2),
                sentence: "line 2 of the vocabulary is empty"),
            Refusal(
                name: "blank line, CRLF", bytes: Array("[PAD]\r\n\r\n".utf8), error: .emptyPiece(line: 2),
                sentence: "line 2 of the vocabulary is empty"),
            Refusal(
                name: "duplicate token", bytes: Array("[PAD]\nthe\n[UNK]\nthe\n".utf8),
                error: .duplicatePiece("the", firstLine: 2, secondLine: 4),
                sentence: "lines 2 and 4 of the vocabulary are both 'the'"),
            Refusal(
                name: "special tokens missing", bytes: Array("[PAD]\n[SEP]\nthe\n".utf8),
                error: .missingSpecialTokens(["[UNK]", "[CLS]"]),
                sentence: "the vocabulary lacks [UNK], [CLS]: expected"),
        ])
    func refuses(refusal: Refusal) throws {
        let error = #expect(throws: TextError.self) { try Vocabulary(vocabularyText: refusal.bytes) }
        #expect(error == refusal.error)
        #expect(error?.description.contains(refusal.sentence) == true)
    }
}
