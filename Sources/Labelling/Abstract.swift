public import Text

/// A text with its sentences.
public struct Abstract: Sendable, Equatable {
    /// A sentence of an abstract.
    public struct Sentence: Sendable, Equatable {
        /// The span of the sentence in code points of the text, including a heading that opens it.
        public var range: Range<Int>
        /// The span without the heading: the text that the model reads.
        public var body: Range<Int>
        /// The heading that applies to this sentence: its own or that of an earlier sentence. `nil` if there is none.
        public var heading: Heading?
    }

    /// The text. Every range in ``sentences`` counts its code points.
    public let text: SourceText
    /// The sentences in the order of the text. Empty if the text is empty or only whitespace.
    public let sentences: [Sentence]

    /// Splits a text into sentences and recognises its inline headings.
    public init(_ text: String, segmenter: SentenceSegmenter = SentenceSegmenter()) {
        let source = SourceText(text)
        self.init(source, segments: segmenter.segment(source))
    }

    init(_ text: SourceText, segments: [Segment]) {
        self.text = text
        var heading: Heading?
        sentences = segments.map { segment in
            heading = segment.heading ?? heading
            return Sentence(range: segment.range, body: segment.body, heading: heading)
        }
    }

    /// Creates an abstract from sentences that were split elsewhere.
    ///
    /// The text is the sentences joined by one space. Headings are not recognised.
    public init(sentences: [String]) {
        var joined = String.UnicodeScalarView()
        var ranges: [Range<Int>] = []
        var end = 0
        for (index, sentence) in sentences.enumerated() {
            if index > 0 {
                joined.append(" ")
                end += 1
            }
            let start = end
            joined.append(contentsOf: sentence.unicodeScalars)
            end += sentence.unicodeScalars.count
            ranges.append(start..<end)
        }
        text = SourceText(String(joined))
        self.sentences = ranges.map { Sentence(range: $0, body: $0, heading: nil) }
    }

    /// Creates an abstract from a text and the spans of its sentences, found elsewhere.
    ///
    /// - Parameters:
    ///   - text: The whole text.
    ///   - ranges: The spans of the sentences in code points, in order, within the text and without overlap. Headings
    ///     are not recognised.
    public init(_ text: SourceText, sentences ranges: [Range<Int>]) {
        self.text = text
        sentences = ranges.map { Sentence(range: $0, body: $0, heading: nil) }
    }
}

/// Whether inline headings restrict the labels of the sentences below them.
public enum HeadingPolicy: String, Sendable, CaseIterable {
    /// The sentences below a heading may take only the heading's labels; after the last heading also later labels.
    case use
    /// The model alone chooses every label.
    case ignore
}
