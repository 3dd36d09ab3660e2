import Evaluation

extension CorpusError {
    /// Something is wrong with a file as a whole.
    init(file: String, _ sentence: String) {
        self.init(description: "\(file): \(sentence)")
    }

    /// Something is wrong at a line, counted from 1.
    init(file: String, line: Int, _ sentence: String) {
        self.init(description: "\(file), line \(line): \(sentence)")
    }
}

extension StringProtocol {
    /// The beginning of a text in quotation marks, as an error quotes what it found.
    var excerpt: String {
        let limit = 40
        let start = unicodeScalars.prefix(limit)
        let quoted = String(String.UnicodeScalarView(start)).debugDescription
        return start.endIndex == unicodeScalars.endIndex ? quoted : quoted + " …"
    }
}
