import FoundationEssentials
import Text

/// A text with the ids and offsets of Hugging Face's tokenizer.
struct WordPieceCase: Decodable {
    var text: String
    var options: WordPieceTokenizer.Options
    var pieces: [WordPieceTokenizer.Piece]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        text = try container.decode(String.self, forKey: .text)
        options = try WordPieceTokenizer.Options(from: container)
        let ids = try container.decode([Int32].self, forKey: .ids)
        let offsets = try container.decode([[Int]].self, forKey: .offsets)
        pieces = zip(ids, offsets).map { WordPieceTokenizer.Piece(id: $0, start: $1[0], end: $1[1]) }
    }

    /// Reads the cases in a file with one JSON object per line.
    static func all(in file: URL) throws -> [WordPieceCase] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(WordPieceCase.self, from: $0)
        }
    }

    /// Returns one line for each difference between the result of `tokenizer` and the expected result.
    func mismatches(with tokenizer: WordPieceTokenizer) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var found: [String] = []
        let pieces = tokenizer.encode(scalars[...])
        if pieces != self.pieces {
            found.append("\(label): \(Self.list(pieces)), expected \(Self.list(self.pieces))")
        }
        var ids: [Int32] = [-1]
        let isCut = tokenizer.appendIDs(of: scalars[...], to: &ids)
        if isCut || ids != [-1] + self.pieces.map(\.id) { found.append("\(label): appendIDs appended \(ids)") }
        return found
    }

    private static func list(_ pieces: [WordPieceTokenizer.Piece]) -> String {
        pieces.map { "\($0.id)[\($0.start)..<\($0.end)]" }.joined(separator: " ")
    }

    private var label: String {
        let codePoints = text.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
        return "'\(text)' (\(codePoints.joined(separator: " "))) with \(options)"
    }

    enum CodingKeys: String, CodingKey {
        case text, ids, offsets
        case lowercase = "do_lower_case"
        case stripsAccents = "strip_accents"
        case splitsCJK = "tokenize_chinese_chars"
    }
}

extension WordPieceTokenizer.Options {
    init(from container: KeyedDecodingContainer<WordPieceCase.CodingKeys>) throws {
        self.init(
            lowercase: try container.decode(Bool.self, forKey: .lowercase),
            stripsAccents: try container.decodeIfPresent(Bool.self, forKey: .stripsAccents),
            splitsCJK: try container.decodeIfPresent(Bool.self, forKey: .splitsCJK) ?? true)
    }
}
