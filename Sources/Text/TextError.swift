/// A defect that makes a vocabulary unusable.
public enum TextError: Error, CustomStringConvertible, Equatable {
    /// The vocabulary has no tokens.
    case emptyVocabulary
    /// The vocabulary has more bytes than a 32-bit integer can count.
    case vocabularyTooLarge(bytes: Int)
    /// The given line, counted from 1, is not UTF-8.
    case notUTF8(line: Int)
    /// The given line, counted from 1, is empty.
    case emptyPiece(line: Int)
    /// Two lines, counted from 1, contain the same token.
    case duplicatePiece(String, firstLine: Int, secondLine: Int)
    /// The vocabulary lacks special tokens that every model needs.
    case missingSpecialTokens([String])

    /// A sentence that names the defect, the expected content and the remedy.
    public var description: String {
        switch self {
        case .emptyVocabulary:
            "the vocabulary is empty: expected one token per line; check that vocab.txt was copied completely"
        case .vocabularyTooLarge(let bytes):
            "the vocabulary has \(bytes) bytes: expected at most \(Int32.max); check that it is a vocab.txt"
        case .notUTF8(let line):
            "line \(line) of the vocabulary is not UTF-8: expected UTF-8, one token per line; convert the file to UTF-8"
        case .emptyPiece(let line):
            "line \(line) of the vocabulary is empty: expected one token per line, because a token's id is its line "
                + "number; restore the missing token"
        case .duplicatePiece(let piece, let firstLine, let secondLine):
            "lines \(firstLine) and \(secondLine) of the vocabulary are both '\(piece)': expected each token once, "
                + "because a token's id is its line number; rename the token on the line that was not used in training"
        case .missingSpecialTokens(let tokens):
            "the vocabulary lacks \(tokens.joined(separator: ", ")): expected a BERT vocabulary, with [UNK], [CLS], "
                + "[SEP] and [PAD], each on its own line; check that vocab.txt belongs to the model"
        }
    }
}
