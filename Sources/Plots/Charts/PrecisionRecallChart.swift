public import Evaluation
public import Labelling

/// Precision-recall curves, one label against all others, with a marker at the precision and recall of the predictions.
public struct PrecisionRecallChart: Chart {
    /// The curve of one label.
    private struct Line {
        let name: String
        let curve: PrecisionRecallCurve
        /// Precision and recall of the predicted labels.
        let decision: LabelScores
        let threshold: Double?
    }

    /// Title, drawn above the chart.
    public var title: String
    private let lines: [Line]

    /// Creates a chart of predictions.
    ///
    /// - Parameters:
    ///   - title: The title of the chart.
    ///   - predictions: The predictions; if labels exclude each other, the markers show them as they were decided.
    ///   - thresholds: The thresholds at which the markers lie, if labels do not exclude each other; without thresholds
    ///     the markers show the predictions as they were decided.
    public init(title: String, predictions: Predictions, thresholds: Thresholds? = nil) {
        self.title = title
        let values = predictions.areExclusive ? nil : thresholds?.values
        let decided = values == nil ? predictions : thresholds.map(predictions.deciding) ?? predictions
        let counts = decided.multiLabelCounts
        lines = predictions.labels.indices.map { label in
            Line(
                name: predictions.labels[label], curve: predictions.precisionRecallCurve(of: label),
                decision: counts.scores(label), threshold: values?[label])
        }
    }

    /// A description of the chart in sentences.
    public var summary: String {
        guard hasData else { return "No data." }
        return lines.map { line in
            guard line.curve.support > 0 else { return "\(line.name): no examples." }
            let at = line.threshold.map { " at the threshold \(spoken($0))" } ?? ""
            return
                "\(line.name): average precision \(fourDigits(line.curve.averagePrecision)), precision \(fourDigits(line.decision.precision)) and recall \(fourDigits(line.decision.recall))\(at)."
        }.joined(separator: " ")
    }

    private var hasData: Bool { lines.contains { $0.curve.support > 0 && !$0.curve.points.isEmpty } }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        let area = canvas.drawTitle(title)
        guard hasData, let unit = Scale([0, 1], .amounts(fromZero: true), count: 5) else {
            return canvas.sayNoData(in: area)
        }
        let legend = Legend(
            lines.indices.map { index in
                let (line, style) = (lines[index], SeriesStyle(index))
                var name = line.name
                if line.curve.support == 0 {
                    name += ": no examples"
                } else {
                    name += ": AP \(decimal(line.curve.averagePrecision, digits: 3))"
                    if let threshold = line.threshold { name += ", threshold \(decimal(threshold, digits: 2))" }
                }
                return Legend.Entry(name: name, stroke: style.stroke, marker: style.marker)
            })
        let column = legend.columnWidth(on: canvas, most: 0.36 * area.width)
        let axes = Axes(
            on: canvas, in: area.inset(right: column + 24), x: unit, y: unit, xTitle: "recall", yTitle: "precision")
        axes.draw(on: &canvas)
        for (index, line) in lines.enumerated() where line.curve.support > 0 {
            draw(line, SeriesStyle(index), in: axes, on: &canvas)
        }
        let note = canvas.wrapped(
            "AP: average precision. Markers: predictions\(lines.contains { $0.threshold != nil } ? " at the threshold" : "").",
            width: column, lines: 4, .tick)
        let noteHeight = Double(note.count) * TextStyle.tick.lineHeight
        let left = area.right - column
        legend.drawColumn(
            on: &canvas,
            in: Rectangle(left: left, top: axes.frame.top, width: column, height: axes.frame.height - noteHeight - 10))
        canvas.text(
            lines: note, at: Point(x: left, y: axes.frame.bottom - noteHeight / 2), .start, .tick)
    }

    /// Draws a curve in steps, as average precision is defined: each point's precision holds from the previous point's
    /// recall to its own.
    private func draw(_ line: Line, _ style: SeriesStyle, in axes: Axes, on canvas: inout Canvas) {
        var places: [Point] = []
        var recall = 0.0
        for point in line.curve.points {
            if let place = axes.place(Point(x: recall, y: point.precision)) { places.append(place) }
            if point.recall > recall, let place = axes.place(Point(x: point.recall, y: point.precision)) {
                places.append(place)
            }
            recall = point.recall
        }
        canvas.path(outline(places), style.stroke)
        if let place = axes.place(Point(x: line.decision.recall, y: line.decision.precision)) {
            canvas.mark(style.marker, at: place, radius: 6, style.colour)
        }
    }
}
