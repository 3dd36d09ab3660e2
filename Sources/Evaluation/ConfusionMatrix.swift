/// How often each true label was given each label.
public struct ConfusionMatrix: Sendable, Equatable {
    /// Names, in the order of rows and columns.
    public let labels: [String]
    /// `[true][given]`, counts.
    public private(set) var counts: [[Int]]

    /// Nothing counted yet.
    public init(labels: [String]) {
        self.labels = labels
        counts = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
    }

    /// Counts `times` sentences, or characters, of label `truth` that were given `given`.
    public mutating func count(truth: Int, given: Int, times: Int = 1) {
        counts[truth][given] += times
    }

    /// Everything counted.
    public var total: Int { counts.joined().reduce(0, +) }

    /// The share that was given its true label. Where each item has one label, micro-averaged precision, recall and F1
    /// are all equal to this.
    public var accuracy: Double { ratio(counts.indices.reduce(0) { $0 + counts[$1][$1] }, total) }

    /// Precision, recall and F1 of one label.
    public struct Scores: Sendable, Equatable {
        /// Of what was given the label, the share that has it; 0 where nothing was.
        public var precision: Double
        /// Of what has the label, the share that was given it; 0 where nothing has.
        public var recall: Double
        /// How many have the label.
        public var support: Int
        /// The harmonic mean of precision and recall.
        public var f1: Double { precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall) }
    }

    /// One label's scores.
    public func scores(_ label: Int) -> Scores {
        let right = counts[label][label]
        let support = counts[label].reduce(0, +)
        return Scores(
            precision: ratio(right, counts.reduce(0) { $0 + $1[label] }), recall: ratio(right, support),
            support: support)
    }

    /// The plain mean of the labels' F1.
    public var macroF1: Double {
        labels.isEmpty ? 0 : labels.indices.reduce(0) { $0 + scores($1).f1 } / Double(labels.count)
    }

    /// The mean of the labels' F1, each weighted by its support.
    public var weightedF1: Double {
        total == 0 ? 0 : labels.indices.reduce(0) { $0 + scores($1).f1 * Double(scores($1).support) } / Double(total)
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}
