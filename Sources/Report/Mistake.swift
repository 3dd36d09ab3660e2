import Evaluation

/// A sentence or text that was given a label it has not, or not given one it has.
struct Mistake {
    /// The abstract's, or the text's.
    let id: String
    /// The sentence before it, where it has one.
    let before: String?
    /// What was mistaken.
    let text: String
    /// The sentence after it, where it has one.
    let after: String?
    /// Names.
    let truth: [String]
    /// Names.
    let given: [String]
    /// The label that was decided most wrongly.
    let label: String
    /// That label's probability: a high one it was given for, or a low one it was not given for.
    let probability: Double
}

extension Predictions {
    /// The mistakes that were made with the highest confidence, the worst one first; of equal ones the earlier.
    ///
    /// The confidence is the probability of the label wrongly given; where labels do not exclude each other, also what is
    /// left to 1 of a label wrongly not given.
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

    /// The sentence beside another one of the same abstract.
    private func neighbour(of index: Int, by offset: Int) -> String? {
        guard let sentence = items[index].sentence, items.indices.contains(index + offset) else { return nil }
        let neighbour = items[index + offset]
        return neighbour.id == items[index].id && neighbour.sentence == sentence + offset ? neighbour.text : nil
    }
}
