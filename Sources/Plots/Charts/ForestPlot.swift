/// Differences with their confidence intervals, one under the other.
public struct ForestPlot: Chart {
    /// One difference.
    public struct Row: Sendable, Equatable {
        /// What differs from what.
        public var name: String
        /// The estimate.
        public var difference: Double
        /// The interval's lower end.
        public var low: Double
        /// The interval's upper end.
        public var high: Double

        /// A difference with its interval.
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

    /// Written above it.
    public var title: String
    /// What is measured, by how wide an interval.
    public var xTitle: String
    /// From above.
    public var rows: [Row]

    /// A plot of differences.
    public init(title: String, xTitle: String, rows: [Row]) {
        self.title = title
        self.xTitle = xTitle
        self.rows = rows
    }

    /// What is to be seen in it, in sentences.
    public var summary: String {
        guard !rows.isEmpty else { return "No data." }
        return "\(xTitle): " + rows.map { "\($0.name) \($0.figures)" }.joined(separator: "; ") + "."
    }

    /// Draws the whole of it, or says that there is nothing to draw.
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
        // Heights are rows: the other axis has no values.
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

/// A difference with its sign and four digits after the point.
private func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + formatted(value, digits: 4)
}
