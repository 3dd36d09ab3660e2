/// What the labels of some abstracts came out as.
public struct AbstractCounts: Sendable {
    /// How many abstracts.
    public internal(set) var abstracts = 0
    /// Sentences as the corpus divides them.
    public internal(set) var sentences: ConfusionMatrix
    /// Characters other than space, of sentences as the corpus divides them.
    public internal(set) var characters: ConfusionMatrix
    /// Characters other than space, of sentences as found in the raw text.
    public internal(set) var charactersOfRawText: ConfusionMatrix
    /// The confidences of ``sentences``.
    public internal(set) var calibration = Calibration()
    /// The number of sentences with several allowed labels, and how many of them were predicted to have one of these. No other
    /// figure counts such sentences.
    public internal(set) var severalAllowed = (sentences: 0, right: 0)

    init(labels: [String]) {
        sentences = ConfusionMatrix(labels: labels)
        characters = ConfusionMatrix(labels: labels)
        charactersOfRawText = ConfusionMatrix(labels: labels)
    }

    /// The same with some labels counted as one; confidences are those of the labels as they were.
    func merging(_ labels: Set<Int>, as name: String) -> AbstractCounts {
        var merged = self
        merged.sentences = sentences.merging(labels, as: name)
        merged.characters = characters.merging(labels, as: name)
        merged.charactersOfRawText = charactersOfRawText.merging(labels, as: name)
        return merged
    }
}
