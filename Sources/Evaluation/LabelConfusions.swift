/// Each label's own two-by-two confusion of texts that may have any number of labels, to be read.
public struct LabelConfusions: CustomStringConvertible {
    private let counts: MultiLabelCounts

    /// The table of some counts.
    public init(_ counts: MultiLabelCounts) {
        self.counts = counts
    }

    /// A line for each label: texts that have it and were given it, were given it only, have it only, neither.
    public var description: String {
        let width = max(5, counts.labels.map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String]) -> String {
            name.leftPadded(to: width) + " " + cells.map { $0.leftPadded(to: 11) }.joined()
        }
        let lines = zip(counts.labels, counts.labelCounts).map { label, count in
            line(
                label,
                [
                    count.right, count.given - count.right, count.support - count.right,
                    counts.total - count.given - count.support + count.right,
                ].map { "\($0)" })
        }
        return ([line("", ["has, given", "only given", "only has", "neither"])] + lines).joined(separator: "\n")
    }
}
