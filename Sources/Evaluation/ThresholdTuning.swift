public import Labelling

/// Returns the thresholds with the best F1 of each label on some texts.
///
/// The search is exact: it tries every set of texts that a threshold can select. A threshold lies halfway between the
/// lowest selected probability and the next lower one, or 0. Of equally good thresholds the one closest to 0.5 is
/// chosen, or the higher of two. A label without texts gets 0.5.
///
/// - Parameters:
///   - probabilities: The probability of each label, `[texts][labels]`; a NaN is never selected.
///   - truth: Whether each text has each label, `[texts][labels]`.
/// - Returns: A threshold for each label; none if there are no texts.
public func tuneThresholds(probabilities: [[Double]], truth: [[Bool]]) -> Thresholds {
    let labels = probabilities.first?.count ?? 0
    return Thresholds(
        values: (0..<labels).map { label in
            bestThreshold(zip(probabilities, truth).map { (probability: $0[label], isTrue: $1[label]) })
        })
}

/// Returns the threshold of one label, testing its texts in order of decreasing probability.
private func bestThreshold(_ items: [(probability: Double, isTrue: Bool)]) -> Double {
    let sorted = items.filter { !$0.probability.isNaN }.sorted { $0.probability > $1.probability }
    let support = items.count { $0.isTrue }
    var best = (right: 0, size: 1, threshold: 0.5)
    var right = 0
    for (index, item) in sorted.enumerated() {
        right += item.isTrue ? 1 : 0
        let below = index + 1 < sorted.count ? sorted[index + 1].probability : 0
        // Items with the same probability are always selected together.
        guard below < item.probability || index + 1 == sorted.count else { continue }
        let middle = below + (item.probability - below) / 2
        let threshold = middle > below ? middle : item.probability
        // F1 is 2 · right / (selected + support). Compare fractions of integers to avoid rounding.
        let size = index + 1 + support
        let (mine, its) = (right * best.size, best.right * size)
        let distance = (threshold - 0.5).magnitude
        if mine > its || (mine == its && right > 0 && distance < (best.threshold - 0.5).magnitude) {
            best = (right, size, threshold)
        }
    }
    return best.threshold
}
