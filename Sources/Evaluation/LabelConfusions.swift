/// The two-by-two confusion matrix of each label, for texts with any number of labels.
public struct LabelConfusions: Sendable, CustomStringConvertible {
    /// The short names of the counts: true positives, false positives, false negatives and true negatives.
    public static let columns = ["true pos.", "false pos.", "false neg.", "true neg."]

    /// The label names, in the order of the checkpoint.
    public let labels: [String]
    /// The counts, `[labels][4]`, in the order of ``columns``.
    public let counts: [[Int]]
    /// The number of texts.
    public let total: Int

    /// Creates the matrices from counts of labels.
    public init(_ tally: MultiLabelCounts) {
        labels = tally.labels
        total = tally.total
        counts = tally.labelCounts.map { count in
            [
                count.right, count.given - count.right, count.support - count.right,
                tally.total - count.given - count.support + count.right,
            ]
        }
    }

    /// A text table with a row for each label.
    public var description: String {
        let width = max(5, labels.map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String]) -> String {
            name.leftPadded(to: width) + " " + cells.map { $0.leftPadded(to: 11) }.joined()
        }
        let lines = zip(labels, counts).map { line($0, $1.map(String.init)) }
        return ([line("", Self.columns)] + lines).joined(separator: "\n")
    }
}
