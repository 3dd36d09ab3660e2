public import FoundationEssentials

/// An abstract whose sections and sentences an author or annotator labelled.
public struct CorpusAbstract: Sendable, Decodable {
    /// A labelled range in code points of the text.
    public struct Span: Sendable, Equatable {
        /// The true label; several where the author's heading, such as METHODS AND RESULTS, allows any of them; none where
        /// nothing is known.
        public let labels: [String]
        /// The first code point.
        public let start: Int
        /// One past the last code point.
        public let end: Int

        /// The range.
        public var range: Range<Int> { start..<end }

        /// A range in code points with the labels that it may have.
        public init(labels: [String], start: Int, end: Int) {
            self.labels = labels
            self.start = start
            self.end = end
        }
    }

    /// The corpus' name for it.
    public let id: String
    /// The whole abstract, without headings.
    public let text: String
    /// The author's sections.
    public let sections: [Span]
    /// The sentences, each with its section's label.
    public let sentences: [Span]

    /// An abstract of sentences joined by one space; consecutive ones of one label make a section.
    ///
    /// - Parameters:
    ///   - id: The corpus' name for it.
    ///   - sentences: In order, none of them blank, with their true labels, or all that are allowed.
    public init(id: String, sentences: [(text: String, labels: [String])]) {
        var text = String.UnicodeScalarView()
        var end = 0
        var spans: [Span] = []
        var sections: [Span] = []
        for sentence in sentences {
            if end > 0 {
                text.append(" ")
                end += 1
            }
            text.append(contentsOf: sentence.text.unicodeScalars)
            let span = Span(labels: sentence.labels, start: end, end: end + sentence.text.unicodeScalars.count)
            end = span.end
            if let last = sections.last, last.labels == span.labels {
                sections[sections.count - 1] = Span(labels: last.labels, start: last.start, end: end)
            } else {
                sections.append(span)
            }
            spans.append(span)
        }
        self.init(id: id, text: String(text), sections: sections, sentences: spans)
    }

    init(id: String, text: String, sections: [Span], sentences: [Span]) {
        self.id = id
        self.text = text
        self.sections = sections
        self.sentences = sentences
    }

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
                    "expected an object with id, text, and sections and sentences of label (or labels), start and end (\(error))."
                )
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

extension CorpusAbstract.Span: Decodable {
    private enum CodingKeys: String, CodingKey {
        case label, labels, start, end
    }

    /// Reads `label`, or else `labels`, with `start` and `end`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        labels =
            if let label = try values.decodeIfPresent(String.self, forKey: .label) {
                [label]
            } else {
                try values.decode([String].self, forKey: .labels)
            }
        start = try values.decode(Int.self, forKey: .start)
        end = try values.decode(Int.self, forKey: .end)
        guard !labels.isEmpty else {
            throw DecodingError.dataCorruptedError(
                forKey: .labels, in: values, debugDescription: "labels is an empty list; expected one label at least")
        }
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
