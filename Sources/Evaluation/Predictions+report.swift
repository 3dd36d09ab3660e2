extension Predictions {
    /// The classification report and, if labels exclude each other, the confusion matrix.
    public var report: String {
        guard areExclusive else { return "\(ClassificationReport(multiLabelCounts))" }
        let matrix = confusionMatrix
        return "\(ClassificationReport(matrix))\n\n\(matrix)"
    }
}
