public import FoundationEssentials

/// An abstract whose sections and sentences an author or annotator labelled.
public struct CorpusAbstract: Sendable, Decodable {
    /// A labelled range in code points of the text.
    public struct Span: Sendable, Decodable {
        /// The true label.
        public let label: String
        /// The first code point.
        public let start: Int
        /// One past the last code point.
        public let end: Int

        /// The range.
        public var range: Range<Int> { start..<end }
    }

    /// The corpus' name for it.
    public let id: String
    /// The whole abstract, without headings.
    public let text: String
    /// The author's sections.
    public let sections: [Span]
    /// The sentences, each with its section's label.
    public let sentences: [Span]

    /// Reads JSON lines.
    ///
    /// - Parameters:
    ///   - jsonLines: A file's bytes.
    ///   - name: The file's name, for errors.
    /// - Returns: An abstract for every line that is not blank.
    /// - Throws: ``CorpusError`` naming the line.
    public static func read(jsonLines: Data, name: String) throws -> [CorpusAbstract] {
        let decoder = JSONDecoder()
        var abstracts: [CorpusAbstract] = []
        for (index, line) in jsonLines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        where line.contains(where: { $0 > 0x20 }) {
            func problem(_ sentence: String) -> CorpusError {
                CorpusError(description: "\(name), line \(index + 1): \(sentence)")
            }
            let abstract: CorpusAbstract
            do {
                abstract = try decoder.decode(CorpusAbstract.self, from: line)
            } catch {
                throw problem(
                    "expected an object with id, text, and sections and sentences of label, start and end (\(error)).")
            }
            let count = abstract.text.unicodeScalars.count
            for spans in [abstract.sections, abstract.sentences] {
                var end = 0
                for span in spans {
                    guard span.start >= end, span.end > span.start, span.end <= count else {
                        throw problem(
                            "the span \(span.start)..<\(span.end) is out of order or outside the text's \(count) code points."
                        )
                    }
                    end = span.end
                }
            }
            abstracts.append(abstract)
        }
        return abstracts
    }
}

/// A corpus file cannot be used.
public struct CorpusError: Error, CustomStringConvertible {
    /// What, where and what was expected.
    public let description: String

    /// A sentence.
    public init(description: String) {
        self.description = description
    }
}
