/// A forest plot: differences with their confidence intervals, one below the other.
public struct ForestPlot: Chart {
    /// One difference with its confidence interval.
    public struct Row: Sendable, Equatable {
        /// The two things compared.
        public var name: String
        /// Estimate of the difference.
        public var difference: Double
        /// Lower end of the interval.
        public var low: Double
        /// Upper end of the interval.
        public var high: Double

        /// Creates a row from a difference and its interval.
        public init(name: String, difference: Double, low: Double, high: Double) {
            self.name = name
            self.difference = difference
            self.low = low
            self.high = high
        }

        fileprivate var isDrawable: Bool { difference.isDrawable && low.isDrawable && high.isDrawable }
        fileprivate var excludesZero: Bool { low > 0 || high < 0 }
        fileprivate var figures: String {
            isDrawable ? "\(signed(difference)) [\(signed(low)), \(signed(high))]" : "no data"
        }
    }

    /// Title, drawn above the chart.
    public var title: String
    /// Title of the horizontal axis: the quantity and the confidence level of the intervals.
    public var xTitle: String
    /// Rows from top to bottom.
    public var rows: [Row]

    /// Creates a plot of differences.
    public init(title: String, xTitle: String, rows: [Row]) {
        self.title = title
        self.xTitle = xTitle
        self.rows = rows
    }

    /// A description of the chart in sentences.
    public var summary: String {
        guard !rows.isEmpty else { return "No data." }
        return "\(xTitle): " + rows.map { "\($0.name) \($0.figures)" }.joined(separator: "; ") + "."
    }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        let area = canvas.drawTitle(title)
        let drawable = rows.filter(\.isDrawable)
        guard
            let x = Scale(
                [0] + drawable.flatMap { [$0.low, $0.difference, $0.high] }, .amounts(fromZero: true), count: 6),
            !drawable.isEmpty
        else { return canvas.sayNoData(in: area) }
        let height = min(80, (area.height - 46) / Double(rows.count))
        let style = TextStyle(size: max(6, min(12, 0.8 * height)))
        let lines = max(1, min(3, Int(height / style.lineHeight)))
        let names = rows.map { canvas.wrapped($0.name, width: 0.3 * area.width, lines: lines, style) }
        let left = (names.joined().map { canvas.width(of: $0, style) }.max() ?? 0) + 12
        let right = (rows.map { canvas.width(of: $0.figures, style) }.max() ?? 0) + 20
        var body = area.inset(left: left, right: right)
        body.height = min(body.height, height * Double(rows.count) + 46)
        // The vertical axis has rows instead of values.
        let axes = Axes(on: canvas, in: body, x: x, y: .unmarked, xTitle: xTitle, yTitle: "")
        axes.draw(on: &canvas)
        func place(_ value: Double, _ height: Double) -> Point {
            Point(x: axes.frame.left + (x.share(value) ?? 0) * axes.frame.width, y: height)
        }
        canvas.line(
            from: place(0, axes.frame.top), to: place(0, axes.frame.bottom),
            Stroke(colour: .ink, width: 1.2, dashes: [4, 3]))
        let step = axes.frame.height / Double(rows.count)
        for (index, row) in rows.enumerated() {
            let middle = axes.frame.top + (Double(index) + 0.5) * step
            canvas.text(lines: names[index], at: Point(x: axes.frame.left - 10, y: middle), .end, style)
            canvas.text(row.figures, at: Point(x: area.right, y: middle), .end, style)
            guard row.isDrawable else { continue }
            let stroke = Stroke(colour: .blue, width: 2)
            canvas.line(from: place(row.low, middle), to: place(row.high, middle), stroke)
            for end in [row.low, row.high] {
                canvas.line(from: place(end, middle - 5), to: place(end, middle + 5), stroke)
            }
            canvas.mark(.square, at: place(row.difference, middle), radius: 5.5, .blue, isHollow: !row.excludesZero)
        }
    }
}

/// Formats a difference with its sign and four digits after the point.
private func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + formatted(value, digits: 4)
}
