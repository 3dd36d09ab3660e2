import FoundationEssentials

extension AbstractReader {
    /// Calls `body` with each abstract in a file of JSON lines and the number of its line. Each line holds one object.
    func readCorpusAbstracts(
        _ file: CorpusFile, _ body: (CorpusAbstract, _ line: Int) throws(CorpusError) -> Void
    ) throws(CorpusError) {
        let decoder = JSONDecoder()
        for line in file.lines where !line.isBlank {
            let abstract = try CorpusAbstract(json: Data(line.bytes), decoder) { sentence in
                CorpusError(file: file.name, line: line.number, sentence)
            }
            func named(_ spans: [CorpusAbstract.Span]) throws(CorpusError) -> [CorpusAbstract.Span] {
                var result: [CorpusAbstract.Span] = []
                result.reserveCapacity(spans.count)
                for span in spans {
                    var names: [String] = []
                    for label in span.labels {
                        let name = try labels.name(of: label, file: file.name, line: line.number)
                        if !names.contains(name) { names.append(name) }
                    }
                    result.append(CorpusAbstract.Span(labels: names, start: span.start, end: span.end))
                }
                return result
            }
            try body(
                CorpusAbstract(
                    id: abstract.id, text: abstract.text, sections: try named(abstract.sections),
                    sentences: try named(abstract.sentences)),
                line.number)
        }
    }
}

extension TrainingAbstract {
    /// Creates an abstract from the sentences of `abstract`, cut out of its text.
    init(_ abstract: CorpusAbstract) {
        self.init(
            id: abstract.id,
            sentences: zip(abstract.sentences, Self.texts(of: abstract)).map { Sentence(text: $1, labels: $0.labels) })
    }

    /// Returns the texts of the sentences. Their spans ascend, so one pass over the text's bytes finds them all.
    private static func texts(of abstract: CorpusAbstract) -> [String] {
        let bytes = Array(abstract.text.utf8)
        var position = 0
        var codePoints = 0
        /// Moves to a code point and returns its byte offset. Every byte of a code point except the first is 10xxxxxx.
        func advance(to codePoint: Int) -> Int {
            while position < bytes.count {
                if bytes[position] & 0xC0 != 0x80 {
                    if codePoints == codePoint { break }
                    codePoints += 1
                }
                position += 1
            }
            return position
        }
        return abstract.sentences.map { sentence in
            let start = advance(to: sentence.start)
            return String(decoding: bytes[start..<advance(to: sentence.end)], as: UTF8.self)
        }
    }
}
