/// A text with the labels it should be given.
public struct TrainingText: Sendable, Equatable {
    /// The corpus' name for it, or the file and line it stands in.
    public var id: String
    /// The text, never blank.
    public var text: String
    /// The labels' names: one where labels exclude each other, any number where they do not.
    public var labels: [String]
    /// Where a sentence stands in its abstract, from 0 for the first to 1 for the last; `nil` for a text of its own.
    public var position: Double?

    /// A text with its labels.
    public init(id: String, text: String, labels: [String], position: Double? = nil) {
        self.id = id
        self.text = text
        self.labels = labels
        self.position = position
    }

    /// The text with every number masked, as in the common variant of PubMed RCT.
    public func maskingNumbers() -> TrainingText {
        TrainingText(id: id, text: maskNumbers(text), labels: labels, position: position)
    }

    /// Every sentence of `abstracts` as a text of its own, for classifiers that see sentences alone; those of which several
    /// labels are allowed, or nothing is known, are left out.
    ///
    /// - Parameter abstracts: With their labels.
    /// - Returns: In order; the third sentence of abstract `a` has the id `a#3`.
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
