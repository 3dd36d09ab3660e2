/// A metric on the development data by which the best epoch is selected.
public enum SelectionFigure: String, Sendable, Codable, CaseIterable {
    /// Micro F1, which is the accuracy if every item has one label.
    case microF1 = "micro-f1"
    /// Macro F1: the unweighted mean of the labels' F1 values.
    case macroF1 = "macro-f1"
    /// Weighted F1: the mean of the labels' F1 values, weighted by support.
    case weightedF1 = "weighted-f1"
}
