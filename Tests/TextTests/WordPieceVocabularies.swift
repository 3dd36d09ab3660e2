import FoundationEssentials
import TestSupport
import Text

extension Vocabulary {
    /// The vocabulary of the shipped checkpoint.
    static func shipped() throws -> Vocabulary {
        try Vocabulary(vocabularyText: Array(Data(contentsOf: Locations.models.appending(path: "vocab.txt"))))
    }

    /// Returns a vocabulary with every code point of the first three planes, alone and as a continuation, as in
    /// make_tokenizer_fixtures.py.
    static func everyCodePoint() throws -> Vocabulary { try builtOnce.get() }

    private static let builtOnce = Result {
        let points = (0x21..<0x30000 as Range<UInt32>).compactMap(Unicode.Scalar.init)
        var text = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n".utf8)
        for prefix in ["", "##"] {
            for point in points {
                text += prefix.utf8
                text += String(point).utf8
                text.append(UInt8(ascii: "\n"))
            }
        }
        return try Vocabulary(vocabularyText: text)
    }

    /// Creates a vocabulary with `[PAD]`, `[UNK]`, `[CLS]` and `[SEP]` as ids 0 to 3, followed by `pieces`.
    init(special pieces: [String]) throws {
        let lines = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + pieces
        try self.init(vocabularyText: Array(lines.joined(separator: "\n").utf8))
    }
}
