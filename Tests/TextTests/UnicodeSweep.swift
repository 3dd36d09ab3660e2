import FoundationEssentials
import TestSupport
import Testing
import Text

/// Digests of the tokens that Hugging Face's tokenizer produces for every code point of three planes, one for each
/// block of 4,096 code points.
struct UnicodeSweep: Decodable, CustomTestStringConvertible {
    static let blockSize: UInt32 = 0x1000
    let options: WordPieceTokenizer.Options
    let digests: [String]

    var testDescription: String { "\(options)" }

    init(from decoder: any Decoder) throws {
        options = try WordPieceTokenizer.Options(from: decoder.container(keyedBy: WordPieceCase.CodingKeys.self))
        digests = try decoder.container(keyedBy: CodingKeys.self).decode([String].self, forKey: .digests)
    }

    static func all() throws -> [UnicodeSweep] {
        let file = Locations.fixtures.appending(path: "tokenizer/sweep.json")
        return try JSONDecoder().decode([UnicodeSweep].self, from: Data(contentsOf: file))
    }

    /// Returns the text for a block, in which each code point appears between letters and among marks.
    static func text(ofBlock block: UInt32) -> [Unicode.Scalar] {
        (block * blockSize..<(block + 1) * blockSize).compactMap(Unicode.Scalar.init).flatMap {
            ["a", $0, "B", "\u{301}", $0, "\u{334}", " "] as [Unicode.Scalar]
        }
    }

    /// Returns an FNV-1a digest, computed over 64-bit words instead of bytes.
    static func digest(_ pieces: [WordPieceTokenizer.Piece]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for piece in pieces {
            for word in [Int(piece.id), piece.start, piece.end] {
                value = (value ^ UInt64(truncatingIfNeeded: word)) &* 0x100_0000_01B3
            }
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private enum CodingKeys: String, CodingKey {
        case digests
    }
}
