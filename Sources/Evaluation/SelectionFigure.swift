/// The figure on the development data that chooses the best epoch.
public enum SelectionFigure: String, Sendable, Codable, CaseIterable {
    /// Micro F1; accuracy where every item has one label.
    case microF1 = "micro-f1"
    /// Macro F1: the labels' F1, averaged without weights.
    case macroF1 = "macro-f1"
    /// The labels' F1, weighted by how often each label is true.
    case weightedF1 = "weighted-f1"
}
