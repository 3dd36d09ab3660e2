public import Evaluation
public import Labelling

/// Precision against recall of every label against all others, and where the decisions lie.
public struct PrecisionRecallChart: Chart {
    /// One label's.
    private struct Line {
        let name: String
        let curve: PrecisionRecallCurve
        /// What it was given, and how well.
        let decision: LabelScores
        let threshold: Double?
    }

    /// Written above it.
    public var title: String
    private let lines: [Line]

    /// A chart of predictions.
    ///
    /// - Parameters:
    ///   - title: What is shown.
    ///   - predictions: Where labels exclude each other, a label's mark is where the most probable label alone is given.
    ///   - thresholds: Where labels do not exclude each other, each mark is at its label's threshold; as the predictions
    ///     were decided where absent.
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

    /// What is to be seen in it, in sentences.
    public var summary: String {
        guard hasData else { return "No data." }
        return lines.map { line in
            guard line.curve.support > 0 else { return "\(line.name): no examples." }
            let at = line.threshold.map { " at the threshold \(spoken($0))" } ?? ""
            return
                "\(line.name): average precision \(fourDigits(line.curve.averagePrecision)), decided\(at) with precision \(fourDigits(line.decision.precision)) and recall \(fourDigits(line.decision.recall))."
        }.joined(separator: " ")
    }

    private var hasData: Bool { lines.contains { $0.curve.support > 0 && !$0.curve.points.isEmpty } }

    /// Draws the whole of it, or says that there is nothing to draw.
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
            "AP: average precision. Marks: what is \(lines.contains { $0.threshold != nil } ? "given at the threshold" : "given").",
            width: column, lines: 4, .tick)
        let noteHeight = Double(note.count) * TextStyle.tick.lineHeight
        let left = area.right - column
        legend.drawColumn(
            on: &canvas,
            in: Rectangle(left: left, top: axes.frame.top, width: column, height: axes.frame.height - noteHeight - 10))
        canvas.text(
            lines: note, at: Point(x: left, y: axes.frame.bottom - noteHeight / 2), .start, .tick)
    }

    /// In steps, as average precision has it: a point's precision holds from the recall before it to its own.
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
