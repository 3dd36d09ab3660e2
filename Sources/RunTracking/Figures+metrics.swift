public import Evaluation

extension Figures {
    /// Returns the metrics with the names under which they are tracked: `val_micro_f1`, `val_macro_precision`,
    /// `val_f1_BACKGROUND`, ….
    ///
    /// Precision and recall are macro averages (the unweighted mean over the labels) and weighted averages (weighted by
    /// support). If every item has one label, their micro averages equal the accuracy. If an item may have any number
    /// of labels, the subset accuracy is the fraction of items whose predicted labels are exactly the true ones.
    ///
    /// - Parameter prefix: The prefix of the names, such as `val` or `test`.
    /// - Returns: The names and values in a fixed order.
    public func metrics(_ prefix: String) -> [(key: String, value: Double)] {
        let labels = self.labels.sorted { $0.key < $1.key }
        let support = labels.reduce(0) { $0 + $1.value.support }
        func mean(_ value: (Scores) -> Double, weighted: Bool) -> Double {
            let total = weighted ? support : labels.count
            guard total > 0 else { return 0 }
            return labels.reduce(0) { $0 + value($1.value) * (weighted ? Double($1.value.support) : 1) } / Double(total)
        }
        var metrics: [(key: String, value: Double)] = [
            ("micro_f1", microF1), ("macro_f1", macroF1), ("weighted_f1", weightedF1),
            ("macro_precision", mean(\.precision, weighted: false)), ("macro_recall", mean(\.recall, weighted: false)),
            ("weighted_precision", mean(\.precision, weighted: true)),
            ("weighted_recall", mean(\.recall, weighted: true)),
        ]
        if let microPrecision, let microRecall {
            metrics += [("micro_precision", microPrecision), ("micro_recall", microRecall)]
        }
        if confusion != nil { metrics.append(("accuracy", microF1)) }
        if let subsetAccuracy { metrics.append(("subset_accuracy", subsetAccuracy)) }
        if let expectedCalibrationError { metrics.append(("expected_calibration_error", expectedCalibrationError)) }
        for (label, scores) in labels {
            metrics += [
                ("f1_\(label)", scores.f1), ("precision_\(label)", scores.precision),
                ("recall_\(label)", scores.recall),
            ]
        }
        return metrics.map { ("\(prefix)_\($0.key)", $0.value) }
    }
}
