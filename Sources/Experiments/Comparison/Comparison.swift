/// How systems compare on the same test data: each one's figures, and their differences from the first.
public struct Comparison: Sendable, Equatable, Encodable {
    /// A figure and where it would lie with other test data of the kind.
    public struct Estimate: Sendable, Equatable, Encodable {
        /// On the test data as they are; of a system with several runs, their mean.
        public var value: Double
        /// The confidence interval's lower end.
        public var lower: Double
        /// Its upper end.
        public var upper: Double
    }

    /// A system's figure less the first system's.
    public struct Difference: Sendable, Equatable, Encodable {
        /// With its confidence interval.
        public var estimate: Estimate
        /// Two-sided: how readily a difference of this size comes about where there is none.
        public var p: Double
        /// The same, corrected for the number of systems that are compared with the first by this metric.
        public var correctedP: Double
    }

    /// One system by one metric.
    public struct Result: Sendable, Equatable, Encodable {
        /// The system's name.
        public var system: String
        /// Its figure.
        public var estimate: Estimate
        /// From the first system's; `nil` for the first itself.
        public var difference: Difference?
    }

    /// Every system by one metric.
    public struct Figure: Sendable, Equatable, Encodable {
        /// `accuracy`, `micro_f1`, `macro_f1`, `weighted_f1`, or `f1` of a label.
        public var metric: String
        /// The label whose F1 it is.
        public var label: String?
        /// In the systems' order.
        public var results: [Result]
    }

    /// Names; the first is what the others are compared with.
    public var systems: [String]
    /// How many runs each system has.
    public var runs: [Int]
    /// The label names.
    public var labels: [String]
    /// Whether labels exclude each other.
    public var areExclusive: Bool
    /// What was drawn: abstracts, or texts.
    public var clusters: Int
    /// Sentences, or texts.
    public var items: Int
    /// How many times the clusters were drawn.
    public var resamples: Int
    /// What the draws began from.
    public var seed: UInt64
    /// How much of the resamples an interval holds.
    public var confidence: Double
    /// Averages first, then a label each.
    public var figures: [Figure]

    /// What is drawn.
    var clusterKind: String { items == clusters ? "text" : "abstract" }

    /// Where labels exclude each other micro F1 is the accuracy, and one of them is enough.
    var distinctFigures: [Figure] { figures.filter { !(areExclusive && $0.metric == "micro_f1") } }

    /// What a figure is called where it is read.
    func title(of figure: Figure) -> String {
        switch figure.metric {
        case "accuracy": areExclusive ? "accuracy (micro F1)" : "subset accuracy"
        case "f1": "F1 of \(figure.label ?? "")"
        case let name: name.replacing("_f1", with: " F1")
        }
    }
}
