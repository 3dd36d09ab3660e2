import FoundationEssentials

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

    /// Decodes one JSON object and checks its spans.
    ///
    /// - Parameters:
    ///   - json: The bytes of the object.
    ///   - decoder: Reused from line to line.
    ///   - fault: Turns a sentence into an error that names the place.
    /// - Throws: What `fault` made of the first thing that is wrong.
    init(json: Data, _ decoder: JSONDecoder, _ fault: (String) -> CorpusError) throws(CorpusError) {
        do {
            self = try decoder.decode(CorpusAbstract.self, from: json)
        } catch {
            throw fault(
                "expected an object with id, text, sections and sentences, both lists of label (or labels), start and end; \(Self.reason(error))."
            )
        }
        let count = text.unicodeScalars.count
        for spans in [sections, sentences] {
            var end = 0
            for span in spans {
                guard span.start >= end, span.end > span.start, span.end <= count else {
                    throw fault(
                        "the span \(span.start)..<\(span.end) is out of order or outside the text's \(count) code points."
                    )
                }
                end = span.end
            }
        }
    }

    /// A decoding error in words, with the path of the member it concerns.
    private static func reason(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            (context.codingPath + [last].compactMap(\.self)).reduce(into: "") { path, key in
                path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? key.stringValue : ".\(key.stringValue)")
            }
        }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context): "\(place(context, key)) is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(place(context)) is not a value of type \(type)"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "found a line that is not JSON" : "\(place(context)): \(context.debugDescription)"
        default: "found a line that is not JSON"
        }
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
