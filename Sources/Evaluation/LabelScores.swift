/// The precision, recall and F1 of one label, or an average over labels.
///
/// A score whose denominator is zero counts as 0, as with scikit-learn's `zero_division=0`.
public struct LabelScores: Sendable, Equatable {
    /// The fraction of the items with this predicted label that truly have it, 0 to 1.
    public var precision: Double
    /// The fraction of the items with this true label that were predicted to have it, 0 to 1.
    public var recall: Double
    /// The harmonic mean of precision and recall. In an average, the mean of the labels' F1 values.
    public var f1: Double
    /// The number of items with this true label. In an average, the sum over the labels.
    public var support: Int

    static let none = LabelScores(precision: 0, recall: 0, f1: 0, support: 0)
}

/// The counts of one label.
public struct LabelCount: Sendable, Equatable {
    /// The number of items that have the label and were predicted to have it.
    public var right: Int
    /// The number of items predicted to have the label.
    public var given: Int
    /// The number of items that have the label.
    public var support: Int

    /// Creates counts; by default zeros.
    public init(right: Int = 0, given: Int = 0, support: Int = 0) {
        self.right = right
        self.given = given
        self.support = support
    }

    mutating func add(_ other: LabelCount) {
        right += other.right
        given += other.given
        support += other.support
    }

    /// The scores computed from the counts.
    public var scores: LabelScores {
        LabelScores(
            precision: ratio(right, given), recall: ratio(right, support), f1: ratio(2 * right, given + support),
            support: support)
    }
}

/// The counts of every label of a checkpoint, including labels that never occur, and their averages.
public protocol LabelTally: Sendable {
    /// The label names, in the order of the checkpoint.
    var labels: [String] { get }
    /// The counts of each label, `[labels]`.
    var labelCounts: [LabelCount] { get }
}

extension LabelTally {
    /// Returns the scores of one label.
    public func scores(_ label: Int) -> LabelScores { labelCounts[label].scores }

    /// The micro average: the scores of the summed counts. If each item has one label, precision, recall and F1 all
    /// equal the accuracy.
    public var micro: LabelScores {
        labelCounts.reduce(into: LabelCount()) { $0.add($1) }.scores
    }

    /// The macro average: the unweighted mean of the labels' scores.
    public var macro: LabelScores { mean { _ in 1 } }

    /// The weighted average: the mean of the labels' scores, weighted by support.
    public var weighted: LabelScores { mean { Double($0.support) } }

    /// The scores of the three averages, with their names in JSON and in the tracking server.
    var averages: [(name: String, value: Double)] {
        named("micro", micro) + named("macro", macro) + named("weighted", weighted)
    }

    func named(_ average: String, _ scores: LabelScores) -> [(name: String, value: Double)] {
        [
            ("\(average)_precision", scores.precision), ("\(average)_recall", scores.recall),
            ("\(average)_f1", scores.f1),
        ]
    }

    private func mean(_ weight: (LabelScores) -> Double) -> LabelScores {
        var mean = LabelScores.none
        var total = 0.0
        for scores in labelCounts.map(\.scores) {
            let weight = weight(scores)
            mean.precision += weight * scores.precision
            mean.recall += weight * scores.recall
            mean.f1 += weight * scores.f1
            mean.support += scores.support
            total += weight
        }
        guard total > 0 else { return mean }
        mean.precision /= total
        mean.recall /= total
        mean.f1 /= total
        return mean
    }
}

/// Returns `part / whole`, or 0 if `whole` is 0.
func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
}
