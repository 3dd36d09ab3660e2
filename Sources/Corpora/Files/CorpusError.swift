/// A corpus file cannot be used.
public struct CorpusError: Error, CustomStringConvertible {
    /// Where the fault is, what was expected, what was found and what to do.
    public let description: String

    /// An error described by a whole sentence.
    public init(description: String) {
        self.description = description
    }

    /// An error that concerns a whole file.
    init(file: String, _ sentence: String) {
        self.init(description: "\(file): \(sentence)")
    }

    /// An error at a line, counted from 1.
    init(file: String, line: Int, _ sentence: String) {
        self.init(description: "\(file), line \(line): \(sentence)")
    }
}

extension StringProtocol {
    /// The beginning of the text in quotation marks, to be quoted in an error.
    var excerpt: String {
        let limit = 40
        let start = unicodeScalars.prefix(limit)
        let quoted = String(String.UnicodeScalarView(start)).debugDescription
        return start.endIndex == unicodeScalars.endIndex ? quoted : quoted + " …"
    }
}
