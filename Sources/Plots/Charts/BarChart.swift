import Evaluation

/// A horizontal bar chart of figures for one or several runs; the bars of one figure are grouped and show their values.
public struct BarChart: Chart {
    /// One run's values, drawn as bars of one colour.
    public struct Run: Sendable, Equatable {
        /// Name in the legend.
        public var name: String
        /// Values, one for each of the chart's figures; `nil` or not finite if the run does not have the figure.
        public var values: [Double?]

        /// Creates a run with its values.
        public init(name: String, values: [Double?]) {
            self.name = name
            self.values = values
        }
    }

    /// Title, drawn above the chart.
    public var title: String
    /// Title of the horizontal axis.
    public var xTitle: String
    /// Names of the compared figures, from top to bottom.
    public var figures: [String]
    /// Runs in the order of the legend.
    public var runs: [Run]

    /// Creates a chart of runs.
    public init(title: String, xTitle: String, figures: [String], runs: [Run]) {
        self.title = title
        self.xTitle = xTitle
        self.figures = figures
        self.runs = runs
    }

    /// A description of the chart in sentences.
    public var summary: String {
        let known = runs.map { run in
            let parts = figures.indices.map { "\(figures[$0]) \(value(run, $0).map(fourDigits) ?? "no data")" }
            return "\(run.name): \(parts.joined(separator: ", "))."
        }
        return known.isEmpty || figures.isEmpty ? "No data." : known.joined(separator: " ")
    }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        var area = canvas.drawTitle(title)
        let values = runs.flatMap { run in figures.indices.compactMap { value(run, $0) } }
        guard let scale = Scale(values, .amounts(fromZero: true), count: 8) else {
            return canvas.sayNoData(in: area)
        }
        if runs.count > 1 {
            var rows = area
            rows.height = 0.3 * area.height
            let legend = Legend(
                runs.indices.map { Legend.Entry(name: runs[$0].name, fill: SeriesStyle($0).colour) })
            area = area.inset(top: legend.drawRows(on: &canvas, in: rows) + 8)
        }
        let frame = drawNames(on: &canvas, in: area)
        let group = frame.height / Double(figures.count)
        let bar = min(26, group * 0.82 / Double(runs.count))
        let style = TextStyle(size: min(12, bar * 1.02))
        let room = values.map { canvas.width(of: fourDigits($0), style) }.max() ?? 0
        drawTicks(scale, on: &canvas, in: frame, to: frame.right - room - 8)
        let zero = place(0, scale, frame, room)
        for figure in figures.indices {
            let top = frame.top + (Double(figure) + 0.5) * group - bar * Double(runs.count) / 2
            for (place, run) in runs.enumerated() {
                let middle = top + (Double(place) + 0.45) * bar
                guard let value = value(run, figure) else {
                    let faint = TextStyle(size: style.size, colour: .faint)
                    canvas.text("no data", at: Point(x: zero + 5, y: middle), .start, faint)
                    continue
                }
                let end = self.place(value, scale, frame, room)
                let shape = Rectangle(
                    left: min(zero, end), top: top + Double(place) * bar, width: (end - zero).magnitude,
                    height: bar * 0.9)
                canvas.rectangle(shape, fill: SeriesStyle(place).colour)
                // A smaller font is not legible.
                guard style.size >= 6 else { continue }
                canvas.text(fourDigits(value), at: Point(x: max(zero, end) + 5, y: middle), .start, style)
            }
        }
        canvas.line(
            from: Point(x: zero, y: frame.top), to: Point(x: zero, y: frame.bottom), Stroke(colour: .faint, width: 1))
    }

    private func value(_ run: Run, _ figure: Int) -> Double? {
        guard figure < run.values.count, let value = run.values[figure], value.isDrawable else { return nil }
        return value
    }

    private func place(_ value: Double, _ scale: Scale, _ frame: Rectangle, _ room: Double) -> Double {
        frame.left + (scale.share(value) ?? 0) * (frame.width - room - 8)
    }

    /// Draws the names of the figures.
    ///
    /// - Returns: The area to the right of the names and above the tick labels.
    private func drawNames(on canvas: inout Canvas, in area: Rectangle) -> Rectangle {
        let height = (area.height - 46) / Double(figures.count)
        let style = TextStyle(size: max(6, min(12, height * 0.8)))
        let lines = max(1, Int(height / style.lineHeight))
        let names = figures.map { canvas.wrapped($0, width: 0.3 * area.width, lines: min(4, lines), style) }
        let widest = names.joined().map { canvas.width(of: $0, style) }.max() ?? 0
        let frame = area.inset(left: widest + 10, bottom: 46)
        for (index, name) in names.enumerated() {
            canvas.text(
                lines: name, at: Point(x: frame.left - 8, y: frame.top + (Double(index) + 0.5) * height), .end, style)
        }
        return frame
    }

    private func drawTicks(_ scale: Scale, on canvas: inout Canvas, in frame: Rectangle, to right: Double) {
        for (value, label) in zip(scale.ticks.values, scale.ticks.labels) {
            guard let share = scale.share(value) else { continue }
            let left = frame.left + share * (right - frame.left)
            canvas.line(
                from: Point(x: left, y: frame.top), to: Point(x: left, y: frame.bottom),
                Stroke(colour: .line, width: 0.8))
            canvas.text(label, at: Point(x: left, y: frame.bottom + 14), .middle, .tick)
        }
        let lines = canvas.wrapped(xTitle, width: frame.width, lines: 1, .axis)
        canvas.text(lines: lines, at: Point(x: (frame.left + right) / 2, y: frame.bottom + 35), .middle, .axis)
    }
}
