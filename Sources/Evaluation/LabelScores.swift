/// Precision, recall and F1 of one label, or averaged over labels.
///
/// What has no value because its denominator is nought counts as 0, as with scikit-learn's `zero_division=0`.
public struct LabelScores: Sendable, Equatable {
    /// Of what was given the label, the share that has it.
    public var precision: Double
    /// Of what has the label, the share that was given it.
    public var recall: Double
    /// The harmonic mean of precision and recall; an average's is the average of such means.
    public var f1: Double
    /// How many have the label; of an average, the labels' sum.
    public var support: Int

    static let none = LabelScores(precision: 0, recall: 0, f1: 0, support: 0)
}

/// How often one label was given, is true, and both.
public struct LabelCount: Sendable, Equatable {
    /// Items that have the label and were given it.
    public var right: Int
    /// Items that were given the label.
    public var given: Int
    /// Items that have the label.
    public var support: Int

    /// Counts of nothing, or those given.
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

    /// The scores that follow.
    public var scores: LabelScores {
        LabelScores(
            precision: ratio(right, given), recall: ratio(right, support), f1: ratio(2 * right, given + support),
            support: support)
    }
}

/// Counts for every label of a checkpoint, whether or not any item has it or was given it, and their averages.
public protocol LabelTally: Sendable {
    /// Names, in the checkpoint's order.
    var labels: [String] { get }
    /// One for each label.
    var labelCounts: [LabelCount] { get }
}

extension LabelTally {
    /// One label's scores.
    public func scores(_ label: Int) -> LabelScores { labelCounts[label].scores }

    /// The scores of all labels' counts together. Where each item has one label, precision, recall and F1 are all
    /// equal to the accuracy.
    public var micro: LabelScores {
        labelCounts.reduce(into: LabelCount()) { $0.add($1) }.scores
    }

    /// The plain mean of the labels' scores.
    public var macro: LabelScores { mean { _ in 1 } }

    /// The mean of the labels' scores, each weighted by its support.
    public var weighted: LabelScores { mean { Double($0.support) } }

    /// The three averages, each figure with the name that JSON and a tracker know it by.
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

/// `part / whole`; 0 where `whole` is.
func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
}
