public import Text

/// An abstract with a label for every sentence.
public struct LabelledAbstract: Sendable, Equatable {
    /// The origin of a label: an inline heading or the model.
    public enum Source: String, Sendable {
        case heading, model
    }

    /// A sentence and its predicted label.
    public struct Sentence: Sendable, Equatable {
        /// The span of the sentence in code points of the text.
        public var range: Range<Int>
        /// The index of the predicted label among the checkpoint's labels.
        public var label: Int
        /// The probability of each label, `[labels]`, given the whole abstract and its headings where they are used.
        public var scores: [Double]
        /// Whether a heading or the model decided the label.
        public var source: Source
        /// The span of the heading that applies to the sentence, in code points of the text. `nil` if there is none.
        public var heading: Range<Int>?
        /// Whether the sentence was too long, so that the model read only its beginning.
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

    /// A run of consecutive sentences with the same label.
    public struct Section: Sendable, Equatable {
        /// The index of the label among the checkpoint's labels.
        public var label: Int
        /// The span from the start of the first sentence to the end of the last one, in code points.
        public var range: Range<Int>
        /// The indices of the sentences.
        public var sentences: Range<Int>
    }

    /// The text. Every range counts its code points.
    public let text: SourceText
    /// The sentences in the order of the text.
    public let sentences: [Sentence]

    package init(text: SourceText, sentences: [Sentence]) {
        self.text = text
        self.sentences = sentences
    }

    /// The runs of consecutive sentences with the same label, in order.
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

    /// Whether the model read only the beginning of any sentence.
    public var truncated: Bool { sentences.contains(where: \.truncated) }
}

/// A text with the labels that a text classifier predicted.
public struct LabelledText: Sendable, Equatable {
    /// The text as it was submitted.
    public let input: String
    /// The probability of each label, `[labels]`: from a softmax, or from a sigmoid per label in a multi-label
    /// checkpoint.
    public let scores: [Double]
    /// The predicted labels, as indices into the checkpoint's labels.
    public let labels: [Int]
    /// Whether the text was too long, so that the model read only its beginning.
    public let truncated: Bool
}
