public import Text

/// An abstract with a label for every sentence.
public struct LabelledAbstract: Sendable, Equatable {
    /// What decided a label.
    public enum Source: String, Sendable {
        case heading, model
    }

    /// One sentence and its label.
    public struct Sentence: Sendable, Equatable {
        /// The sentence in code points of the text.
        public var range: Range<Int>
        /// The label's place among the checkpoint's labels.
        public var label: Int
        /// Each label's probability given the whole abstract, and its headings where they decide.
        public var scores: [Double]
        /// What decided the label.
        public var source: Source
        /// The heading the sentence stands under, in code points of the text.
        public var heading: Range<Int>?
        /// Whether the model read only the beginning of the sentence.
        public var truncated: Bool

        package init(
            range: Range<Int>, label: Int, scores: [Double], source: Source, heading: Range<Int>?, truncated: Bool
        ) {
            self.range = range
            self.label = label
            self.scores = scores
            self.source = source
            self.heading = heading
            self.truncated = truncated
        }

        /// The probability of ``label``.
        public var confidence: Double { scores[label] }
    }

    /// A run of consecutive sentences of one label.
    public struct Section: Sendable, Equatable {
        /// The label's place among the checkpoint's labels.
        public var label: Int
        /// From the first sentence's start to the last one's end, in code points.
        public var range: Range<Int>
        /// The sentences' indices.
        public var sentences: Range<Int>
    }

    /// The text that every range counts in.
    public let text: SourceText
    /// In the order of the text.
    public let sentences: [Sentence]

    package init(text: SourceText, sentences: [Sentence]) {
        self.text = text
        self.sentences = sentences
    }

    /// The consecutive runs of one label.
    public var sections: [Section] {
        sentences.indices.reduce(into: []) { sections, index in
            let sentence = sentences[index]
            if let last = sections.last, last.label == sentence.label {
                sections[sections.count - 1].range = last.range.lowerBound..<sentence.range.upperBound
                sections[sections.count - 1].sentences = last.sentences.lowerBound..<index + 1
            } else {
                sections.append(Section(label: sentence.label, range: sentence.range, sentences: index..<index + 1))
            }
        }
    }

    /// Whether any sentence was cut.
    public var truncated: Bool { sentences.contains(where: \.truncated) }
}

/// A text with the labels that a text classifier gives it.
public struct LabelledText: Sendable, Equatable {
    /// The text as it was submitted.
    public let input: String
    /// Each label's probability: by softmax, or by a sigmoid of its own where labels do not exclude each other.
    public let scores: [Double]
    /// The labels it is given, as places among the checkpoint's labels.
    public let labels: [Int]
    /// Whether the model read only the beginning.
    public let truncated: Bool
}
