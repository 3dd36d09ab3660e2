public import Labelling

/// What a multi-label checkpoint made of texts before any threshold, so that thresholds can be tried on it.
public struct MultiLabelPredictions: Sendable {
    /// Names, in the checkpoint's order.
    public let labels: [String]
    /// `[texts][labels]`
    public private(set) var probabilities: [[Double]] = []
    /// `[texts][labels]`: whether each text has each label.
    public private(set) var truth: [[Bool]] = []

    /// From which probability each label counts.
    public var thresholds: Thresholds

    /// No texts yet.
    ///
    /// - Parameters:
    ///   - labels: The checkpoint's.
    ///   - thresholds: The checkpoint's; halves where absent.
    public init(labels: [String], thresholds: Thresholds? = nil) {
        self.labels = labels
        self.thresholds = thresholds ?? Thresholds(count: labels.count)
    }

    /// Adds one text: each label's probability, and whether the text has it.
    public mutating func add(probabilities: [Double], truth: [Bool]) {
        self.probabilities.append(probabilities)
        self.truth.append(truth)
    }

    /// What the texts are given at ``thresholds``.
    public var counts: MultiLabelCounts {
        var counts = MultiLabelCounts(labels: labels)
        for (row, truth) in zip(probabilities, truth) {
            counts.count(truth: truth, given: zip(row, thresholds.values).map { $0 >= $1 })
        }
        return counts
    }

    /// The thresholds that give every label its best F1 on these texts.
    public func tunedThresholds() -> Thresholds {
        probabilities.isEmpty
            ? Thresholds(count: labels.count) : tuneThresholds(probabilities: probabilities, truth: truth)
    }
}
