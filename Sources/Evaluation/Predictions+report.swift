extension Predictions {
    /// The familiar table, and the confusion matrix where labels exclude each other.
    public var report: String {
        guard areExclusive else { return "\(ClassificationReport(multiLabelCounts))" }
        let matrix = confusionMatrix
        return "\(ClassificationReport(matrix))\n\n\(matrix)"
    }
}
