/// A line chart of values by step, epoch or another number.
public struct LineChart: Chart {
    /// One line.
    public struct Series: Sendable, Equatable {
        /// Name in the legend.
        public var name: String
        /// Points in the order of `x`; a point that is not finite interrupts the line.
        public var points: [Point]
        /// Whether the line is drawn thin and grey behind the others, without a colour and marker of its own.
        public var isBackdrop: Bool

        /// Creates a line.
        public init(name: String, points: [Point], isBackdrop: Bool = false) {
            self.name = name
            self.points = points
            self.isBackdrop = isBackdrop
        }
    }

    /// Title, drawn above the chart.
    public var title: String
    /// Title of the horizontal axis.
    public var xTitle: String
    /// Title of the vertical axis.
    public var yTitle: String
    /// Lines in the order of the legend.
    public var series: [Series]
    /// Whether the vertical axis is logarithmic; it then leaves out values that are not above 0.
    public var isLogarithmic: Bool

    /// Creates a chart of one or more lines.
    public init(title: String, xTitle: String, yTitle: String, series: [Series], isLogarithmic: Bool = false) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.series = series
        self.isLogarithmic = isLogarithmic
    }

    /// Creates a chart of one noisy series, such as the loss of every step, with its exponential moving average on top.
    public init(
        title: String, xTitle: String, yTitle: String, smoothing name: String, _ points: [Point],
        isLogarithmic: Bool = false
    ) {
        self.init(
            title: title, xTitle: xTitle, yTitle: yTitle,
            series: [
                Series(name: name, points: points, isBackdrop: true),
                Series(name: "\(name), smoothed", points: ExponentialAverage.smoothed(points)),
            ], isLogarithmic: isLogarithmic)
    }

    /// A description of the chart in sentences.
    public var summary: String {
        let lines = series.map { series in
            let points = series.points.filter(isDrawn)
            guard let first = points.first, let last = points.last else { return "\(series.name): no data." }
            return points.count == 1
                ? "\(series.name): \(spoken(last.y)) at \(spoken(last.x))."
                : "\(series.name): from \(spoken(first.y)) at \(spoken(first.x)) to \(spoken(last.y)) at \(spoken(last.x))."
        }
        return (["\(yTitle) by \(xTitle)."] + (lines.isEmpty ? ["No data."] : lines)).joined(separator: " ")
    }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        var area = canvas.drawTitle(title)
        let points = series.flatMap(\.points).filter(isDrawn)
        guard
            let x = Scale(
                points.lazy.map(\.x), .run(areWhole: points.allSatisfy { $0.x == $0.x.rounded() }), count: 8),
            let y = Scale(points.lazy.map(\.y), isLogarithmic ? .logarithmic : .amounts(fromZero: false), count: 7)
        else { return canvas.sayNoData(in: area) }
        let styles = self.styles
        let legend = Legend(
            zip(series, styles).map { series, style in
                Legend.Entry(
                    name: series.name, stroke: style?.stroke ?? Self.backdrop, marker: style?.marker)
            })
        if series.count > 1 {
            var rows = area
            rows.height = 0.35 * area.height
            area = area.inset(top: legend.drawRows(on: &canvas, in: rows) + 8)
        }
        let axes = Axes(on: canvas, in: area, x: x, y: y, xTitle: xTitle, yTitle: yTitle)
        axes.draw(on: &canvas)
        canvas.clipped(to: axes.frame.inset(left: -6, top: -6, right: -6, bottom: -6)) { canvas in
            for (series, style) in zip(series, styles).sorted(by: { $0.1 == nil && $1.1 != nil }) {
                draw(series, style, in: axes, on: &canvas)
            }
        }
    }

    private func isDrawn(_ point: Point) -> Bool {
        point.x.isDrawable && point.y.isDrawable && (!isLogarithmic || point.y.hasLogarithm)
    }

    private static let backdrop = Stroke(colour: .faint.with(opacity: 0.55), width: 0.9)

    /// The style of each series; `nil` for a backdrop.
    private var styles: [SeriesStyle?] {
        var next = 0
        return series.map { series in
            guard !series.isBackdrop else { return nil }
            next += 1
            return SeriesStyle(next - 1)
        }
    }

    private func draw(_ series: Series, _ style: SeriesStyle?, in axes: Axes, on canvas: inout Canvas) {
        let places = series.points.map { isDrawn($0) ? axes.place($0) : nil }
        for run in places.split(separator: nil) {
            canvas.path(outline(run.compactMap { $0 }), style?.stroke ?? Self.backdrop)
        }
        guard let style else { return }
        let known = places.compactMap { $0 }
        // Mark every point of a short line, and about ten points of a long one.
        let every = known.count <= 25 ? 1 : (known.count + 9) / 10
        for index in stride(from: every / 2, to: known.count, by: every) {
            canvas.mark(style.marker, at: known[index], style.colour)
        }
    }
}
