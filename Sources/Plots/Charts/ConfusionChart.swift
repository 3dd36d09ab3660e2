public import Evaluation

/// How often each true label was given each: counts, and the shares of each row, which shade the cells.
public struct ConfusionChart: Chart {
    /// Written above it.
    public var title: String
    /// What was counted.
    public var matrix: ConfusionMatrix

    /// A chart of a matrix.
    public init(title: String, matrix: ConfusionMatrix) {
        self.title = title
        self.matrix = matrix
    }

    /// What is to be seen in it, in sentences.
    public var summary: String {
        guard matrix.total > 0 else { return "No data." }
        let rows = matrix.labels.indices.map { truth in
            let (row, name) = (matrix.counts[truth], matrix.labels[truth])
            guard let right = share(truth, truth) else { return "\(name): none." }
            let wrong = row.indices.filter { $0 != truth && row[$0] > 0 }.max { row[$0] < row[$1] }
            let confused = wrong.map {
                ", most often taken for \(matrix.labels[$0]) (\(percentage(share(truth, $0) ?? 0)))"
            }
            return "\(name): \(percentage(right)) of \(formatted(row.reduce(0, +))) right\(confused ?? "")."
        }
        return "Rows are true labels. " + rows.joined(separator: " ")
    }

    /// Draws the whole of it, or says that there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        let area = canvas.drawTitle(title)
        let labels = matrix.labels
        guard matrix.total > 0 else { return canvas.sayNoData(in: area) }
        let count = Double(labels.count)
        let style = TextStyle(size: min(12, max(6, (area.height - 60) / count * 0.8)))
        let rowLines = max(1, min(4, Int((area.height - 80) / count / style.lineHeight)))
        let rows = labels.map { canvas.wrapped($0, width: min(190, 0.25 * area.width), lines: rowLines, style) }
        let left = (rows.joined().map { canvas.width(of: $0, style) }.max() ?? 0) + 34
        let width = min((area.width - left) / count, 220)
        let columns = ColumnLabels(labels, width: width, left: left, on: canvas, style)
        var frame = Rectangle(
            left: area.left + left, top: area.top, width: width * count,
            height: area.height - columns.height - 34)
        // Cells are not much wider than high, and the whole stands in the middle.
        frame.height = min(frame.height, 1.2 * frame.width)
        frame.left += (area.width - left - frame.width) / 2
        drawCells(on: &canvas, in: frame)
        let height = frame.height / count
        for (index, lines) in rows.enumerated() {
            canvas.text(
                lines: lines, at: Point(x: frame.left - 8, y: frame.top + (Double(index) + 0.5) * height), .end, style)
        }
        columns.draw(on: &canvas, under: frame)
        canvas.text(
            "true label", at: Point(x: frame.left - left + 12, y: frame.middle.y), .middle, turned: -.pi / 2, .axis)
        canvas.text(
            "given label", at: Point(x: frame.middle.x, y: frame.bottom + columns.height + 20), .middle, .axis)
    }

    private func share(_ truth: Int, _ given: Int) -> Double? {
        let support = matrix.counts[truth].reduce(0, +)
        return support > 0 ? Double(matrix.counts[truth][given]) / Double(support) : nil
    }

    private func drawCells(on canvas: inout Canvas, in frame: Rectangle) {
        let count = Double(matrix.labels.count)
        let (width, height) = (frame.width / count, frame.height / count)
        let widest = matrix.counts.joined().map(formatted).max { $0.count < $1.count } ?? ""
        let unit = max(
            canvas.width(of: widest, TextStyle(size: 1, isBold: true)), canvas.width(of: "100.0%", TextStyle(size: 1)))
        let both = min(14, (width - 6) / unit, (height - 4) / 2.4)
        // In small cells the shade alone tells the share.
        let alone = min(12, (width - 4) / canvas.width(of: widest, TextStyle(size: 1, isBold: true)), height - 3)
        for truth in matrix.labels.indices {
            for given in matrix.labels.indices {
                let cell = Rectangle(
                    left: frame.left + Double(given) * width, top: frame.top + Double(truth) * height,
                    width: width, height: height)
                let share = share(truth, given)
                // The ink is to be read on the darkest of them, on a light ground and on a dark one.
                canvas.rectangle(
                    cell, fill: .blue.with(opacity: 0.75 * (share ?? 0)), stroke: Stroke(colour: .line, width: 0.8))
                let number = formatted(matrix.counts[truth][given])
                if both >= 7 {
                    canvas.text(
                        number, at: Point(x: cell.middle.x, y: cell.middle.y - 0.6 * both), .middle,
                        TextStyle(size: both, isBold: true))
                    canvas.text(
                        share.map(percentage) ?? "–",
                        at: Point(x: cell.middle.x, y: cell.middle.y + 0.65 * both), .middle,
                        TextStyle(size: 0.92 * both))
                } else if alone >= 5, matrix.counts[truth][given] > 0 {
                    canvas.text(number, at: cell.middle, .middle, TextStyle(size: alone, isBold: true))
                }
            }
        }
    }
}
