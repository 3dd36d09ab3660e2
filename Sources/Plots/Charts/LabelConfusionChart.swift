public import Evaluation

/// Each label's own two-by-two confusion of texts that may have any number of labels: a row for each, and in it the shares of
/// the texts that have the label and of those that do not.
public struct LabelConfusionChart: Chart {
    /// Written above it.
    public var title: String
    /// What was counted.
    public var confusions: LabelConfusions

    /// A chart of some counts.
    public init(title: String, confusions: LabelConfusions) {
        self.title = title
        self.confusions = confusions
    }

    private var hasData: Bool { !confusions.labels.isEmpty && confusions.total > 0 }

    /// What is to be seen in it, in sentences.
    public var summary: String {
        guard hasData else { return "No data." }
        return zip(confusions.labels, cells).map { label, cells in
            let of = formatted(cells[0].count + cells[2].count)
            let found = cells[0].share.map { "\(percentage($0)) of \(of) texts that have it were given it" }
            let wrong = cells[1].share.map { "\(percentage($0)) of the others" } ?? "there are no others"
            return "\(label): \(found ?? "no text has it"), \(wrong)."
        }.joined(separator: " ")
    }

    /// Draws the whole of it, or says that there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        let area = canvas.drawTitle(title)
        guard hasData else { return canvas.sayNoData(in: area) }
        let grid = CountGrid(
            rows: confusions.labels, columns: LabelConfusions.columns, rowTitle: "label", columnTitle: "texts",
            cells: cells)
        grid.draw(on: &canvas, in: area)
    }

    private var cells: [[(count: Int, share: Double?)]] {
        confusions.counts.map { counts in
            let (having, lacking) = (counts[0] + counts[2], counts[1] + counts[3])
            return zip(counts, [having, lacking, having, lacking]).map { count, all in
                (count, all > 0 ? Double(count) / Double(all) : nil)
            }
        }
    }
}
