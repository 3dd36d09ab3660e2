public import Text

/// A text and the sentences it consists of.
public struct Abstract: Sendable, Equatable {
    /// One sentence of an abstract.
    public struct Sentence: Sendable, Equatable {
        /// The sentence in code points of the text, an opening heading included.
        public var range: Range<Int>
        /// The range without the heading: what the model reads.
        public var body: Range<Int>
        /// The heading this sentence stands under, if any: its own or that of an earlier sentence.
        public var heading: Heading?
    }

    /// The text that every range counts in.
    public let text: SourceText
    /// In the order of the text; empty where the text holds nothing but space.
    public let sentences: [Sentence]

    /// Divides a text into sentences and recognises its inline headings.
    public init(_ text: String, segmenter: SentenceSegmenter = SentenceSegmenter()) {
        let source = SourceText(text)
        self.text = source
        var heading: Heading?
        sentences = segmenter.segment(source).map { segment in
            heading = segment.heading ?? heading
            return Sentence(range: segment.range, body: segment.body, heading: heading)
        }
    }

    /// Takes sentences as someone else divided them. The text is the sentences joined by one space; no heading is
    /// looked for.
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

    /// Takes a text with the sentences someone else found in it.
    ///
    /// - Parameters:
    ///   - text: The whole text.
    ///   - ranges: In code points of the text, in order, within it and without overlap; no heading is looked for.
    public init(_ text: SourceText, sentences ranges: [Range<Int>]) {
        self.text = text
        sentences = ranges.map { Sentence(range: $0, body: $0, heading: nil) }
    }
}

/// Whether an inline heading decides the labels of the sentences under it.
public enum HeadingPolicy: String, Sendable, CaseIterable {
    /// A heading's roles are the only labels the sentences under it may take.
    case use
    /// Every label is left to the model.
    case ignore
}
