public import Labelling

/// The probabilities that a multi-label checkpoint assigned to texts, to which different thresholds can be applied.
public struct MultiLabelPredictions: Sendable {
    /// The label names, in the order of the checkpoint.
    public let labels: [String]
    /// The probability of each label, `[texts][labels]`.
    public private(set) var probabilities: [[Double]] = []
    /// Whether each text has each label, `[texts][labels]`.
    public private(set) var truth: [[Bool]] = []

    /// The threshold of each label.
    public var thresholds: Thresholds

    /// Creates predictions without texts.
    ///
    /// - Parameters:
    ///   - labels: The label names of the checkpoint.
    ///   - thresholds: The thresholds of the checkpoint; 0.5 for every label if `nil`.
    public init(labels: [String], thresholds: Thresholds? = nil) {
        self.labels = labels
        self.thresholds = thresholds ?? Thresholds(count: labels.count)
    }

    /// Adds a text, with the probability of each label and whether the text has it, `[labels]` each.
    public mutating func add(probabilities: [Double], truth: [Bool]) {
        self.probabilities.append(probabilities)
        self.truth.append(truth)
    }

    /// The counts of the labels that ``thresholds`` select.
    public var counts: MultiLabelCounts {
        var counts = MultiLabelCounts(labels: labels)
        for (row, truth) in zip(probabilities, truth) {
            counts.count(truth: truth, given: zip(row, thresholds.values).map { $0 >= $1 })
        }
        return counts
    }

    /// Returns the thresholds with the best F1 of every label on these texts.
    public func tunedThresholds() -> Thresholds {
        probabilities.isEmpty
            ? Thresholds(count: labels.count) : tuneThresholds(probabilities: probabilities, truth: truth)
    }
}
