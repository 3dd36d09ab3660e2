/// The reason that a corpus file cannot be used.
public struct CorpusError: Error, CustomStringConvertible {
    /// A sentence that names the file and line and says what was expected, what was found and what to do.
    public let description: String

    /// Creates an error from a complete sentence.
    public init(description: String) {
        self.description = description
    }

    /// Creates an error about a whole file.
    init(file: String, _ sentence: String) {
        self.init(description: "\(file): \(sentence)")
    }

    /// Creates an error about a line, counted from 1.
    init(file: String, line: Int, _ sentence: String) {
        self.init(description: "\(file), line \(line): \(sentence)")
    }
}
