internal import Evaluation

/// An abstract as a corpus divides and labels it.
public struct TrainingAbstract: Sendable, Equatable {
    /// One sentence and its true label.
    public struct Sentence: Sendable, Equatable {
        /// The sentence, never blank.
        public var text: String
        /// The label's name.
        public var label: String

        /// A sentence with its label.
        public init(text: String, label: String) {
            self.text = text
            self.label = label
        }
    }

    /// The corpus' name for it.
    public var id: String
    /// In the order of the abstract.
    public var sentences: [Sentence]

    /// An abstract of labelled sentences.
    public init(id: String, sentences: [Sentence]) {
        self.id = id
        self.sentences = sentences
    }

    /// The abstract with every number masked, as in the common variant of PubMed RCT.
    public func maskingNumbers() -> TrainingAbstract {
        TrainingAbstract(
            id: id,
            sentences: sentences.map { Sentence(text: maskNumbers($0.text), label: $0.label) })
    }
}
