import Evaluation

/// A sentence or text whose predicted labels differ from its true labels.
struct Mistake {
    /// Identifier of the abstract or text.
    let id: String
    /// The previous sentence of the abstract, if there is one.
    let before: String?
    /// The mislabelled sentence or text.
    let text: String
    /// The next sentence of the abstract, if there is one.
    let after: String?
    /// Names of the true labels.
    let truth: [String]
    /// Names of the predicted labels.
    let given: [String]
    /// The label with the most confident wrong decision.
    let label: String
    /// The probability of `label`: high if it was wrongly predicted, low if it was missed.
    let probability: Double
}

extension Predictions {
    /// Returns up to `count` mistakes with the highest confidence, in descending order; equal ones in item order.
    ///
    /// The confidence of a wrongly predicted label is its probability. If labels do not exclude each other, a missed label
    /// also counts, with a confidence of 1 minus its probability.
    func worstMistakes(_ count: Int) -> [Mistake] {
        let mistakes = items.indices.compactMap { index -> (index: Int, label: Int, confidence: Double)? in
            let item = items[index]
            let wrong = item.given.filter { !item.truth.contains($0) }.map { ($0, item.probabilities[$0]) }
            let missed =
                areExclusive
                ? [] : item.truth.filter { !item.given.contains($0) }.map { ($0, 1 - item.probabilities[$0]) }
            guard let worst = (wrong + missed).filter({ $0.1.isFinite }).max(by: { $0.1 < $1.1 }) else { return nil }
            return (index, worst.0, worst.1)
        }
        let worst = mistakes.sorted { ($1.confidence, $0.index) < ($0.confidence, $1.index) }.prefix(count)
        return worst.map { index, label, _ in
            let item = items[index]
            return Mistake(
                id: item.id, before: neighbour(of: index, by: -1), text: item.text, after: neighbour(of: index, by: 1),
                truth: item.truth.map { labels[$0] }, given: item.given.map { labels[$0] }, label: labels[label],
                probability: item.probabilities[label])
        }
    }

    /// Returns the sentence at an offset of -1 or 1 from another one, if the same abstract has it.
    private func neighbour(of index: Int, by offset: Int) -> String? {
        guard let sentence = items[index].sentence, items.indices.contains(index + offset) else { return nil }
        let neighbour = items[index + offset]
        return neighbour.id == items[index].id && neighbour.sentence == sentence + offset ? neighbour.text : nil
    }
}
