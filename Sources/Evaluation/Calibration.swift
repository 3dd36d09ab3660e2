/// Whether confidences are the probabilities of being right that they pretend to be (Guo et al. 2017, "On Calibration of
/// Modern Neural Networks").
public struct Calibration: Sendable, Equatable {
    /// The items of one range of confidence.
    public struct Bin: Sendable, Equatable {
        /// How many there are.
        public fileprivate(set) var count = 0
        /// How many of them are right.
        public fileprivate(set) var right = 0
        fileprivate var sum = 0.0

        /// The mean confidence.
        public var confidence: Double { count == 0 ? 0 : sum / Double(count) }
        /// The share that is right.
        public var accuracy: Double { ratio(right, count) }
    }

    /// Of equal width: bin i of n has the confidences in (i / n, (i + 1) / n], the first one 0 as well.
    public private(set) var bins: [Bin]

    /// Nothing added yet.
    public init() {
        bins = [Bin](repeating: Bin(), count: 15)
    }

    /// Adds one item.
    ///
    /// - Parameters:
    ///   - confidence: The probability of the label it was given, 0 to 1.
    ///   - isRight: Whether it has that label.
    public mutating func add(confidence: Double, isRight: Bool) {
        // Not a number goes to the first bin, and from there to the error.
        let bin = confidence > 0 ? min(Int((min(confidence, 1) * Double(bins.count)).rounded(.up)), bins.count) - 1 : 0
        bins[bin].count += 1
        bins[bin].right += isRight ? 1 : 0
        bins[bin].sum += confidence
    }

    /// How many were added.
    public var total: Int { bins.reduce(0) { $0 + $1.count } }

    /// The expected calibration error: the bins' distances between confidence and accuracy, weighted by their counts.
    public var expectedError: Double {
        guard total > 0 else { return 0 }
        return bins.reduce(0) { $0 + ($1.sum - Double($1.right)).magnitude } / Double(total)
    }
}
