public import Evaluation

/// A confusion matrix: the count of each pair of true and predicted label, and its share of the row, which shades the
/// cell.
public struct ConfusionChart: Chart {
    /// Title, drawn above the chart.
    public var title: String
    /// The counts.
    public var matrix: ConfusionMatrix

    /// Creates a chart of a confusion matrix.
    public init(title: String, matrix: ConfusionMatrix) {
        self.title = title
        self.matrix = matrix
    }

    /// A description of the chart in sentences.
    public var summary: String {
        guard matrix.total > 0 else { return "No data." }
        let rows = matrix.labels.indices.map { truth in
            let (row, name) = (matrix.counts[truth], matrix.labels[truth])
            guard let right = share(truth, truth) else { return "\(name): no examples." }
            let wrong = row.indices.filter { $0 != truth && row[$0] > 0 }.max { row[$0] < row[$1] }
            let confused = wrong.map {
                ", most often mistaken for \(matrix.labels[$0]) (\(percentage(share(truth, $0) ?? 0)))"
            }
            return "\(name): \(percentage(right)) of \(formatted(row.reduce(0, +))) correct\(confused ?? "")."
        }
        return "Rows are true labels. " + rows.joined(separator: " ")
    }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        let area = canvas.drawTitle(title)
        guard matrix.total > 0 else { return canvas.sayNoData(in: area) }
        let grid = CountGrid(
            rows: matrix.labels, columns: matrix.labels, rowTitle: "true label", columnTitle: "predicted label",
            cells: matrix.labels.indices.map { truth in
                matrix.labels.indices.map { (matrix.counts[truth][$0], share(truth, $0)) }
            })
        grid.draw(on: &canvas, in: area)
    }

    private func share(_ truth: Int, _ given: Int) -> Double? {
        let support = matrix.counts[truth].reduce(0, +)
        return support > 0 ? Double(matrix.counts[truth][given]) / Double(support) : nil
    }
}
