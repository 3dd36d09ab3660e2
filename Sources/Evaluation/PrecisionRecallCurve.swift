/// Precision against recall of one label, taken alone against all others, at every threshold of its probability.
public struct PrecisionRecallCurve: Sendable, Equatable {
    /// What a threshold gives.
    public struct Point: Sendable, Equatable {
        /// The lowest probability that is given the label.
        public let threshold: Double
        /// Of what is given the label, the share that has it.
        public let precision: Double
        /// Of what has the label, the share that is given it.
        public let recall: Double
    }

    /// One for each different probability, from the highest down: recall never falls.
    public let points: [Point]
    /// How many have the label.
    public let support: Int

    /// The curve of some items.
    ///
    /// - Parameter items: The label's probability, and whether the item has the label. What has no number for a
    ///   probability is given the label at no threshold.
    public init(_ items: some Sequence<(probability: Double, isTrue: Bool)>) {
        var sorted: [(probability: Double, isTrue: Bool)] = []
        var support = 0
        for item in items {
            support += item.isTrue ? 1 : 0
            if !item.probability.isNaN { sorted.append(item) }
        }
        self.support = support
        sorted.sort { $0.probability > $1.probability }
        var points: [Point] = []
        var right = 0
        for (index, item) in sorted.enumerated() {
            right += item.isTrue ? 1 : 0
            // Equal probabilities cannot be told apart.
            if index + 1 < sorted.count, sorted[index + 1].probability == item.probability { continue }
            points.append(
                Point(
                    threshold: item.probability, precision: ratio(right, index + 1), recall: ratio(right, support)))
        }
        self.points = points
    }

    /// Σ (Rₙ − Rₙ₋₁) Pₙ, from the highest threshold down and not interpolated, as scikit-learn's
    /// `average_precision_score` has it; 0 where nothing has the label.
    public var averagePrecision: Double {
        var (sum, recall) = (0.0, 0.0)
        for point in points {
            sum += (point.recall - recall) * point.precision
            recall = point.recall
        }
        return sum
    }
}

extension Predictions {
    /// The curve of one label against all others.
    ///
    /// - Parameter label: Its place.
    /// - Returns: All items' curve.
    public func precisionRecallCurve(of label: Int) -> PrecisionRecallCurve {
        PrecisionRecallCurve(
            items.lazy.map { (probability: $0.probabilities[label], isTrue: $0.truth.contains(label)) })
    }
}
