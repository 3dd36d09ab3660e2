public import Evaluation

/// The confusion of each label where a text may have any number of labels.
///
/// Each label has a row with its four counts, as shares of the texts that have the label and of the texts that do not.
public struct LabelConfusionChart: Chart {
    /// Title, drawn above the chart.
    public var title: String
    /// The counts of each label.
    public var confusions: LabelConfusions

    /// Creates a chart of the counts of each label.
    public init(title: String, confusions: LabelConfusions) {
        self.title = title
        self.confusions = confusions
    }

    private var hasData: Bool { !confusions.labels.isEmpty && confusions.total > 0 }

    /// A description of the chart in sentences.
    public var summary: String {
        guard hasData else { return "No data." }
        return zip(confusions.labels, cells).map { label, cells in
            let of = formatted(cells[0].count + cells[2].count)
            let found = cells[0].share.map { "predicted for \(percentage($0)) of the texts that have it (\(of))" }
            let wrong = cells[1].share.map { "predicted for \(percentage($0)) of the others" } ?? "there are no others"
            return "\(label): \(found ?? "no text has it"); \(wrong)."
        }.joined(separator: " ")
    }

    /// Draws the chart, or "no data" if there is nothing to draw.
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
