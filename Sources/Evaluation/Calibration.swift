/// The calibration of a model: how well its confidences match the fraction of correct labels (Guo et al. 2017, "On
/// Calibration of Modern Neural Networks").
public struct Calibration: Sendable, Equatable {
    /// The items in one range of confidence.
    public struct Bin: Sendable, Equatable {
        /// The number of items.
        public fileprivate(set) var count = 0
        /// The number of items whose predicted label is correct.
        public fileprivate(set) var right = 0
        fileprivate var sum = 0.0

        /// The mean confidence, 0 to 1.
        public var confidence: Double { count == 0 ? 0 : sum / Double(count) }
        /// The fraction of correct labels, 0 to 1.
        public var accuracy: Double { ratio(right, count) }
    }

    /// The bins, of equal width. Bin i of n holds the confidences in (i / n, (i + 1) / n]; the first bin also holds 0.
    public private(set) var bins: [Bin]

    /// Creates a calibration without items.
    public init() {
        bins = [Bin](repeating: Bin(), count: 15)
    }

    /// Adds an item.
    ///
    /// - Parameters:
    ///   - confidence: The probability of the predicted label, 0 to 1.
    ///   - isRight: Whether the predicted label is correct.
    public mutating func add(confidence: Double, isRight: Bool) {
        // A NaN is added to the first bin, so that the error becomes NaN too.
        let bin = confidence > 0 ? min(Int((min(confidence, 1) * Double(bins.count)).rounded(.up)), bins.count) - 1 : 0
        bins[bin].count += 1
        bins[bin].right += isRight ? 1 : 0
        bins[bin].sum += confidence
    }

    /// The number of items.
    public var total: Int { bins.reduce(0) { $0 + $1.count } }

    /// The expected calibration error: the mean difference between confidence and accuracy in a bin, weighted by the
    /// number of items.
    public var expectedError: Double {
        guard total > 0 else { return 0 }
        return bins.reduce(0) { $0 + ($1.sum - Double($1.right)).magnitude } / Double(total)
    }
}
