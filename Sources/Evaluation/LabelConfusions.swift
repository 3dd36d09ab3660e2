/// Each label's own two-by-two confusion of texts that may have any number of labels.
public struct LabelConfusions: Sendable, CustomStringConvertible {
    /// What is counted of each label: texts that have it and were given it, were given it only, have it only, neither.
    public static let columns = ["has, given", "only given", "only has", "neither"]

    /// Names, in the checkpoint's order.
    public let labels: [String]
    /// A row for each label, with a count for each of ``columns``.
    public let counts: [[Int]]
    /// How many texts were counted.
    public let total: Int

    /// The confusions of some counts.
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

    /// A table to be read.
    public var description: String {
        let width = max(5, labels.map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String]) -> String {
            name.leftPadded(to: width) + " " + cells.map { $0.leftPadded(to: 11) }.joined()
        }
        let lines = zip(labels, counts).map { line($0, $1.map(String.init)) }
        return ([line("", Self.columns)] + lines).joined(separator: "\n")
    }
}
