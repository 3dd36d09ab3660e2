/// An abstract as a list of labelled sentences.
public struct TrainingAbstract: Sendable, Equatable {
    /// A sentence with its true label, or the labels that it may have.
    public struct Sentence: Sendable, Equatable {
        /// The text of the sentence, never blank.
        public var text: String
        /// The label names. Several if a heading such as METHODS AND RESULTS allows any of them; none if the label is
        /// unknown and only a teacher can supply it.
        public var labels: [String]

        /// Creates a sentence with one label.
        public init(text: String, label: String) {
            self.init(text: text, labels: [label])
        }

        /// Creates a sentence with all labels that it may have.
        public init(text: String, labels: [String]) {
            self.text = text
            self.labels = labels
        }
    }

    /// The id in the corpus.
    public var id: String
    /// The sentences in the order of the abstract.
    public var sentences: [Sentence]

    /// The mean number of times that an epoch reads the abstract.
    public var weight = 1.0

    /// Creates an abstract with a weight of 1.
    public init(id: String, sentences: [Sentence]) {
        self.id = id
        self.sentences = sentences
    }

    /// Returns the abstract with every number masked, as in a common variant of PubMed RCT.
    public func maskingNumbers() -> TrainingAbstract {
        var masked = self
        masked.sentences = sentences.map { Sentence(text: maskNumbers($0.text), labels: $0.labels) }
        return masked
    }
}
