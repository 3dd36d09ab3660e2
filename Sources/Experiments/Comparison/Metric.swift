import Evaluation

/// A figure that systems are compared by.
public enum Metric: Sendable, Hashable {
    /// The share of items that were given their label, or exactly their labels.
    case accuracy
    /// Of all labels' counts together.
    case microF1
    /// The plain mean over the labels.
    case macroF1
    /// The mean over the labels, weighted by how many items have them.
    case weightedF1
    /// Of one label, by its place.
    case f1(Int)

    /// All of them.
    static func all(labels: Int) -> [Metric] {
        [.accuracy, .microF1, .macroF1, .weightedF1] + (0..<labels).map(Metric.f1)
    }

    /// As JSON and a tracker know it: `macro_f1`, or `f1` of a label.
    var name: String {
        switch self {
        case .accuracy: "accuracy"
        case .microF1: "micro_f1"
        case .macroF1: "macro_f1"
        case .weightedF1: "weighted_f1"
        case .f1: "f1"
        }
    }

    /// The label it is about, where it is about one.
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
