public import Labelling

/// The threshold for each label that gives it the best F1 on some texts.
///
/// Exact: every set of texts that a threshold can select is tried. The threshold lies in the middle between the lowest
/// probability it admits and the next lower one, or 0. Of equally good ones the nearest to one half is taken, then the
/// higher. A label that no text has gets one half.
///
/// - Parameters:
///   - probabilities: `[texts][labels]`; one that is not a number is never selected.
///   - truth: `[texts][labels]`: whether each text has each label.
/// - Returns: One threshold for each label of the first row; none without texts.
public func tuneThresholds(probabilities: [[Double]], truth: [[Bool]]) -> Thresholds {
    let labels = probabilities.first?.count ?? 0
    return Thresholds(
        values: (0..<labels).map { label in
            bestThreshold(zip(probabilities, truth).map { (probability: $0[label], isTrue: $1[label]) })
        })
}

/// Sweeps one label's texts from the most probable down.
private func bestThreshold(_ items: [(probability: Double, isTrue: Bool)]) -> Double {
    let sorted = items.filter { !$0.probability.isNaN }.sorted { $0.probability > $1.probability }
    let support = items.count { $0.isTrue }
    var best = (right: 0, size: 1, threshold: 0.5)
    var right = 0
    for (index, item) in sorted.enumerated() {
        right += item.isTrue ? 1 : 0
        let below = index + 1 < sorted.count ? sorted[index + 1].probability : 0
        // Equal probabilities cannot be told apart.
        guard below < item.probability || index + 1 == sorted.count else { continue }
        let middle = below + (item.probability - below) / 2
        let threshold = middle > below ? middle : item.probability
        // F1 is 2 · right / (selected + support): compared as fractions, so that rounding decides nothing.
        let size = index + 1 + support
        let (mine, its) = (right * best.size, best.right * size)
        let distance = (threshold - 0.5).magnitude
        if mine > its || (mine == its && right > 0 && distance < (best.threshold - 0.5).magnitude) {
            best = (right, size, threshold)
        }
    }
    return best.threshold
}
