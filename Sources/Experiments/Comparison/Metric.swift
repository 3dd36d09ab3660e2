import Evaluation

/// A metric in which systems are compared.
public enum Metric: Sendable, Hashable {
    /// The fraction of items whose predicted labels are exactly their true labels.
    case accuracy
    /// F1 of the counts of all labels together.
    case microF1
    /// Unweighted mean of the F1 of all labels.
    case macroF1
    /// Mean of the F1 of all labels, weighted by the number of items that have each label.
    case weightedF1
    /// F1 of one label, by its index.
    case f1(Int)

    /// Returns all metrics for a number of labels.
    static func all(labels: Int) -> [Metric] {
        [.accuracy, .microF1, .macroF1, .weightedF1] + (0..<labels).map(Metric.f1)
    }

    /// Name in JSON and in tracking, such as `macro_f1`; `f1` for a single label.
    var name: String {
        switch self {
        case .accuracy: "accuracy"
        case .microF1: "micro_f1"
        case .macroF1: "macro_f1"
        case .weightedF1: "weighted_f1"
        case .f1: "f1"
        }
    }

    /// Returns the name of the label of an ``f1(_:)`` metric, or `nil` for an average.
    func label(among labels: [String]) -> String? {
        if case .f1(let label) = self { labels[label] } else { nil }
    }

    func value(of counts: ResampledCounts) -> Double {
        switch self {
        case .accuracy: counts.accuracy
        case .microF1: counts.micro.f1
        case .macroF1: counts.macro.f1
        case .weightedF1: counts.weighted.f1
        case .f1(let label): counts.scores(label).f1
        }
    }
}
