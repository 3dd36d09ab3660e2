/// How often texts that may have any number of labels were given each.
public struct MultiLabelCounts: LabelTally, Equatable {
    /// Names, in the checkpoint's order.
    public let labels: [String]
    /// One for each label.
    public private(set) var labelCounts: [LabelCount]
    /// How many texts were counted.
    public private(set) var total = 0
    private var exact = 0
    private var sums = LabelScores.none

    /// Nothing counted yet.
    public init(labels: [String]) {
        self.labels = labels
        labelCounts = [LabelCount](repeating: LabelCount(), count: labels.count)
    }

    /// Counts one text: whether it has each label, and whether it was given it.
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

    /// The share of texts that were given exactly the labels they have.
    public var subsetAccuracy: Double { ratio(exact, total) }

    /// The mean of every text's own precision, recall and F1; those of a text without labels that was given none are 0.
    public var samples: LabelScores {
        guard total > 0 else { return .none }
        return LabelScores(
            precision: sums.precision / Double(total), recall: sums.recall / Double(total),
            f1: sums.f1 / Double(total), support: sums.support)
    }

    /// Subset accuracy and every average, by the names that JSON has them under: `subset_accuracy`, `samples_f1`, ….
    public var figures: [(name: String, value: Double)] {
        [("subset_accuracy", subsetAccuracy)] + averages + named("samples", samples)
    }
}
