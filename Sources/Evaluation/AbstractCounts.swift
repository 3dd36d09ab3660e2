/// The counts of true and predicted labels for a set of abstracts.
public struct AbstractCounts: Sendable {
    /// The number of abstracts.
    public internal(set) var abstracts = 0
    /// The confusion matrix of the sentences in the corpus.
    public internal(set) var sentences: ConfusionMatrix
    /// The confusion matrix of characters other than whitespace, for the sentences in the corpus.
    public internal(set) var characters: ConfusionMatrix
    /// The confusion matrix of characters other than whitespace, for the sentences that the segmenter found in the raw
    /// text.
    public internal(set) var charactersOfRawText: ConfusionMatrix
    /// The calibration of the confidences of ``sentences``.
    public internal(set) var calibration = Calibration()
    /// The number of sentences with several allowed labels, and the number of them whose predicted label is allowed. No
    /// other figure includes such sentences.
    public internal(set) var severalAllowed = (sentences: 0, right: 0)

    init(labels: [String]) {
        sentences = ConfusionMatrix(labels: labels)
        characters = ConfusionMatrix(labels: labels)
        charactersOfRawText = ConfusionMatrix(labels: labels)
    }

    /// Returns the counts with some labels merged into one. The calibration is still that of the separate labels.
    func merging(_ labels: Set<Int>, as name: String) -> AbstractCounts {
        var merged = self
        merged.sentences = sentences.merging(labels, as: name)
        merged.characters = characters.merging(labels, as: name)
        merged.charactersOfRawText = charactersOfRawText.merging(labels, as: name)
        return merged
    }
}
