/// An abstract as a corpus divides and labels it.
public struct TrainingAbstract: Sendable, Equatable {
    /// One sentence and its true label, or what is known of it.
    public struct Sentence: Sendable, Equatable {
        /// The sentence, never blank.
        public var text: String
        /// The label's name; several where a heading such as METHODS AND RESULTS allows any of them; none where nothing is
        /// known, and only a teacher can say.
        public var labels: [String]

        /// A sentence with its label.
        public init(text: String, label: String) {
            self.init(text: text, labels: [label])
        }

        /// A sentence with all labels that it may have.
        public init(text: String, labels: [String]) {
            self.text = text
            self.labels = labels
        }
    }

    /// The corpus' name for it.
    public var id: String
    /// In the order of the abstract.
    public var sentences: [Sentence]

    /// How many times an epoch reads it, in the mean.
    public var weight = 1.0

    /// An abstract of labelled sentences.
    public init(id: String, sentences: [Sentence]) {
        self.id = id
        self.sentences = sentences
    }

    /// The abstract with every number masked, as in the common variant of PubMed RCT.
    public func maskingNumbers() -> TrainingAbstract {
        var masked = self
        masked.sentences = sentences.map { Sentence(text: maskNumbers($0.text), labels: $0.labels) }
        return masked
    }
}
