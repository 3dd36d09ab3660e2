/// The precision-recall curve of one label against all others, at every threshold of its probability.
public struct PrecisionRecallCurve: Sendable, Equatable {
    /// The precision and recall at one threshold.
    public struct Point: Sendable, Equatable {
        /// The lowest probability at which the label is predicted.
        public let threshold: Double
        /// The fraction of the items with this predicted label that truly have it, 0 to 1.
        public let precision: Double
        /// The fraction of the items with this true label that were predicted to have it, 0 to 1.
        public let recall: Double
    }

    /// The points, one for each distinct probability, in descending order. The recall never decreases.
    public let points: [Point]
    /// The number of items that have the label.
    public let support: Int

    /// Computes the curve of some items.
    ///
    /// - Parameter items: The probability of the label and whether the item has the label. If the probability is NaN,
    ///   the label is predicted at no threshold.
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
            // Items with the same probability are always selected together.
            if index + 1 < sorted.count, sorted[index + 1].probability == item.probability { continue }
            points.append(
                Point(
                    threshold: item.probability, precision: ratio(right, index + 1), recall: ratio(right, support)))
        }
        self.points = points
    }

    /// The average precision, Σ (Rₙ − Rₙ₋₁) Pₙ from the highest threshold down, without interpolation, as in
    /// scikit-learn's `average_precision_score`; 0 if no item has the label.
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
    /// Returns the curve of one label against all others.
    ///
    /// - Parameter label: The index of the label.
    /// - Returns: The curve over all items.
    public func precisionRecallCurve(of label: Int) -> PrecisionRecallCurve {
        PrecisionRecallCurve(
            items.lazy.map { (probability: $0.probabilities[label], isTrue: $0.truth.contains(label)) })
    }
}
