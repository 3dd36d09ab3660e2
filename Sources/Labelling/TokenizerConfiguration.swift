import FoundationEssentials
public import Text

extension WordPieceTokenizer.Options {
    /// Reads `tokenizer_config.json` as Hugging Face's `BertTokenizerFast` does: a missing file or key means its
    /// default, lower-casing included.
    ///
    /// - Parameter json: The file's bytes; `nil` where there is no such file.
    /// - Throws: ``LabellingError/checkpoint(_:)`` where a key has another type than the tokenizer expects.
    public init(tokenizerConfiguration json: [UInt8]?) throws {
        var file = TokenizerConfigurationFile()
        if let json {
            do {
                file = try JSONDecoder().decode(TokenizerConfigurationFile.self, from: Data(json))
            } catch {
                throw LabellingError.checkpoint(
                    "tokenizer_config.json cannot be read: expected an object whose do_lower_case, strip_accents and tokenize_chinese_chars are true or false (\(error))."
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
