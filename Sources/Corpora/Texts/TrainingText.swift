/// A text with its true labels.
public struct TrainingText: Sendable, Equatable {
    /// The id in the corpus, or the file and line of the text.
    public var id: String
    /// The text, never blank.
    public var text: String
    /// The label names: one if labels exclude each other, otherwise any number.
    public var labels: [String]
    /// The position of a sentence in its abstract, from 0 for the first to 1 for the last; `nil` for a text that is not
    /// a sentence of an abstract.
    public var position: Double?

    /// Creates a text with its labels.
    public init(id: String, text: String, labels: [String], position: Double? = nil) {
        self.id = id
        self.text = text
        self.labels = labels
        self.position = position
    }

    /// Returns the text with every number masked, as in a common variant of PubMed RCT.
    public func maskingNumbers() -> TrainingText {
        TrainingText(id: id, text: maskNumbers(text), labels: labels, position: position)
    }

    /// Returns every sentence of `abstracts` as a text, for classifiers that read single sentences. Sentences with
    /// several possible labels or none are skipped.
    ///
    /// - Parameter abstracts: Labelled abstracts.
    /// - Returns: The sentences in order. The third sentence of abstract `a` has the id `a#3`.
    public static func sentences(of abstracts: some Sequence<TrainingAbstract>) -> [TrainingText] {
        abstracts.flatMap { abstract in
            abstract.sentences.enumerated().filter { $0.element.labels.count == 1 }.map { index, sentence in
                TrainingText(
                    id: "\(abstract.id)#\(index + 1)", text: sentence.text, labels: sentence.labels,
                    position: Double(index) / Double(max(1, abstract.sentences.count - 1)))
            }
        }
    }
}
