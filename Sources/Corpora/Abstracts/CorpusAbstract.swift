import Checkpoint
import FoundationEssentials

/// An abstract whose sections and sentences were labelled by an author or annotator.
public struct CorpusAbstract: Sendable, Decodable {
    /// A labelled span of the text, in code points.
    public struct Span: Sendable, Equatable {
        /// The true label. Several if the author's heading, such as METHODS AND RESULTS, allows any of them; none if
        /// the label is unknown.
        public let labels: [String]
        /// The index of the first code point.
        public let start: Int
        /// The index after the last code point.
        public let end: Int

        /// The span in code points.
        public var range: Range<Int> { start..<end }

        /// Creates a span in code points with the labels that it may have.
        public init(labels: [String], start: Int, end: Int) {
            self.labels = labels
            self.start = start
            self.end = end
        }
    }

    /// The id in the corpus.
    public let id: String
    /// The whole abstract, without headings.
    public let text: String
    /// The sections that the author marked.
    public let sections: [Span]
    /// The sentences, each with its section's label.
    public let sentences: [Span]

    /// Creates an abstract from sentences joined by one space. Consecutive sentences with the same labels form a
    /// section.
    ///
    /// - Parameters:
    ///   - id: The id in the corpus.
    ///   - sentences: The sentences in order, none of them blank, each with its true label or all labels that it may
    ///     have.
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

    /// Decodes a JSON object and checks its spans.
    ///
    /// - Parameters:
    ///   - json: The bytes of the object.
    ///   - decoder: The decoder, reused for every line.
    ///   - fault: A closure that turns a sentence into an error that names the file and line.
    /// - Throws: The error that `fault` returns for the first defect.
    init(json: Data, _ decoder: JSONDecoder, _ fault: (String) -> CorpusError) throws(CorpusError) {
        do {
            self = try decoder.decode(CorpusAbstract.self, from: json)
        } catch {
            throw fault(
                "expected an object with id, text, sections and sentences, where the last two are lists of objects with label (or labels), start and end, but \(FileFailure.reason(error))."
            )
        }
        let count = text.unicodeScalars.count
        for spans in [sections, sentences] {
            var end = 0
            for span in spans {
                guard span.start >= end, span.end > span.start, span.end <= count else {
                    throw fault(
                        "the span from \(span.start) to \(span.end) is empty, overlaps the span before it, or lies outside the text's \(count) code points; correct the spans."
                    )
                }
                end = span.end
            }
        }
    }
}

extension CorpusAbstract.Span: Decodable {
    private enum CodingKeys: String, CodingKey {
        case label, labels, start, end
    }

    /// Decodes `label`, or otherwise `labels`, with `start` and `end`.
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
                forKey: .labels, in: values, debugDescription: "labels is an empty list; expected at least one label")
        }
    }
}
