/// A comparison of systems on the same test data: their metrics, and their differences from the first system.
public struct Comparison: Sendable, Equatable, Encodable {
    /// An estimate with its confidence interval.
    public struct Estimate: Sendable, Equatable, Encodable {
        /// Value on the test data; for a system with several runs, the mean over the runs.
        public var value: Double
        /// Lower end of the confidence interval.
        public var lower: Double
        /// Upper end of the confidence interval.
        public var upper: Double
    }

    /// The difference of a system from the first system in one metric.
    public struct Difference: Sendable, Equatable, Encodable {
        /// Difference with its confidence interval.
        public var estimate: Estimate
        /// Two-sided p-value of the hypothesis that there is no difference.
        public var p: Double
        /// The p-value after Holm's correction for the number of systems compared with the first in this metric.
        public var correctedP: Double
    }

    /// The result of one system in one metric.
    public struct Result: Sendable, Equatable, Encodable {
        /// Name of the system.
        public var system: String
        /// Value of the metric.
        public var estimate: Estimate
        /// Difference from the first system; `nil` for the first system itself.
        public var difference: Difference?
    }

    /// The results of all systems in one metric.
    public struct Figure: Sendable, Equatable, Encodable {
        /// Name of the metric: `accuracy`, `micro_f1`, `macro_f1`, `weighted_f1`, or `f1` for one label.
        public var metric: String
        /// The label, for `f1`; otherwise `nil`.
        public var label: String?
        /// Results in the order of the systems.
        public var results: [Result]
    }

    /// Names of the systems; the others are compared with the first.
    public var systems: [String]
    /// Number of runs of each system.
    public var runs: [Int]
    /// Label names.
    public var labels: [String]
    /// Whether labels exclude each other.
    public var areExclusive: Bool
    /// Number of clusters, which are abstracts or texts.
    public var clusters: Int
    /// Number of items, which are sentences or texts.
    public var items: Int
    /// Number of resamples.
    public var resamples: Int
    /// Seed of the resampling.
    public var seed: UInt64
    /// Confidence level of the intervals, such as 0.95.
    public var confidence: Double
    /// Results for each metric: averages first, then the F1 of each label.
    public var figures: [Figure]

    /// The kind of the clusters: "abstract" or "text".
    var clusterKind: String { items == clusters ? "text" : "abstract" }

    /// The figures without micro F1 if labels exclude each other, as it then equals the accuracy.
    var distinctFigures: [Figure] { figures.filter { !(areExclusive && $0.metric == "micro_f1") } }

    /// Returns the title of a figure for tables and charts.
    func title(of figure: Figure) -> String {
        switch figure.metric {
        case "accuracy": areExclusive ? "accuracy (micro F1)" : "subset accuracy"
        case "f1": "F1 of \(figure.label ?? "")"
        case let name: name.replacing("_f1", with: " F1")
        }
    }
}
