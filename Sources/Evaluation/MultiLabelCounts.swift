/// The counts of each label for texts with any number of labels.
public struct MultiLabelCounts: LabelTally, Equatable {
    /// The label names, in the order of the checkpoint.
    public let labels: [String]
    /// The counts of each label, `[labels]`.
    public private(set) var labelCounts: [LabelCount]
    /// The number of texts.
    public private(set) var total = 0
    private var exact = 0
    private var sums = LabelScores.none

    /// Creates counts of zero.
    public init(labels: [String]) {
        self.labels = labels
        labelCounts = [LabelCount](repeating: LabelCount(), count: labels.count)
    }

    /// Counts a text, given whether it has each label and whether each label was predicted, `[labels]` each.
    public mutating func count(truth: [Bool], given: [Bool]) {
        var text = LabelCount()
        for (label, (truth, given)) in zip(labels.indices, zip(truth, given)) {
            let count = LabelCount(right: truth && given ? 1 : 0, given: given ? 1 : 0, support: truth ? 1 : 0)
            text.add(count)
            labelCounts[label].add(count)
        }
        let scores = text.scores
        total += 1
        exact += truth == given ? 1 : 0
        sums.precision += scores.precision
        sums.recall += scores.recall
        sums.f1 += scores.f1
        sums.support += scores.support
    }

    /// The fraction of texts whose predicted labels are exactly the true ones, 0 to 1.
    public var subsetAccuracy: Double { ratio(exact, total) }

    /// The mean of the precision, recall and F1 of each text. A text without true and predicted labels counts as 0.
    public var samples: LabelScores {
        guard total > 0 else { return .none }
        return LabelScores(
            precision: sums.precision / Double(total), recall: sums.recall / Double(total),
            f1: sums.f1 / Double(total), support: sums.support)
    }

    /// The subset accuracy and all averages, with their names in JSON: `subset_accuracy`, `samples_f1`, ….
    public var figures: [(name: String, value: Double)] {
        [("subset_accuracy", subsetAccuracy)] + averages + named("samples", samples)
    }
}
