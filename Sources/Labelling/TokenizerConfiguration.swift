import Checkpoint
import FoundationEssentials
public import Text

extension WordPieceTokenizer.Options {
    /// Reads `tokenizer_config.json` as Hugging Face's `BertTokenizerFast` does.
    ///
    /// A missing file or key means the default value; the default converts letters to lower case.
    ///
    /// - Parameter json: The bytes of the file, or `nil` if there is no such file.
    /// - Throws: ``LabellingError/checkpoint(_:)`` if the file is not an object or one of these keys has the wrong
    ///   type.
    public init(tokenizerConfiguration json: [UInt8]?) throws {
        var file = TokenizerConfigurationFile()
        if let json {
            do {
                file = try JSONDecoder().decode(TokenizerConfigurationFile.self, from: Data(json))
            } catch {
                throw LabellingError.checkpoint(
                    "tokenizer_config.json: cannot read: expected an object in which do_lower_case, strip_accents and tokenize_chinese_chars are true or false, but \(FileFailure.reason(error))."
                )
            }
        }
        self.init(
            lowercase: file.doLowerCase ?? true, stripsAccents: file.stripAccents,
            splitsCJK: file.tokenizeChineseChars ?? true)
    }
}

private struct TokenizerConfigurationFile: Decodable {
    var doLowerCase: Bool?
    var stripAccents: Bool?
    var tokenizeChineseChars: Bool?

    enum CodingKeys: String, CodingKey {
        case doLowerCase = "do_lower_case"
        case stripAccents = "strip_accents"
        case tokenizeChineseChars = "tokenize_chinese_chars"
    }
}
