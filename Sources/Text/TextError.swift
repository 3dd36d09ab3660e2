/// Why a vocabulary cannot be used.
public enum TextError: Error, CustomStringConvertible, Equatable {
    /// The vocabulary has no pieces.
    case emptyVocabulary
    /// The vocabulary is larger than ids and offsets of 32 bits can count.
    case vocabularyTooLarge(bytes: Int)
    /// A line, counted from 1, is not UTF-8.
    case notUTF8(line: Int)
    /// A line, counted from 1, is empty.
    case emptyPiece(line: Int)
    /// Two lines, counted from 1, hold the same piece.
    case duplicatePiece(String, firstLine: Int, secondLine: Int)
    /// The vocabulary lacks pieces that no model can do without.
    case missingSpecialTokens([String])

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .emptyVocabulary:
            "the vocabulary is empty: expected one piece a line; check that vocab.txt was copied whole"
        case .vocabularyTooLarge(let bytes):
            "the vocabulary has \(bytes) bytes: expected at most \(Int32.max); check that it is a vocab.txt"
        case .notUTF8(let line):
            "line \(line) of the vocabulary is not UTF-8: expected one piece a line, in UTF-8; convert the file"
        case .emptyPiece(let line):
            "line \(line) of the vocabulary is empty: expected one piece a line, as a piece's id is its line number; "
                + "put the missing piece back"
        case .duplicatePiece(let piece, let firstLine, let secondLine):
            "lines \(firstLine) and \(secondLine) of the vocabulary are both '\(piece)': expected every piece once, "
                + "as a piece's id is its line number; rename the one the model was not trained with"
        case .missingSpecialTokens(let tokens):
            "the vocabulary lacks \(tokens.joined(separator: ", ")): expected a BERT vocabulary, with [UNK], [CLS], "
                + "[SEP] and [PAD] each on a line of its own; check that vocab.txt belongs to the model"
        }
    }
}
