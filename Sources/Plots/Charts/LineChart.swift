/// Series of values along steps, epochs or the like.
public struct LineChart: Chart {
    /// One line.
    public struct Series: Sendable, Equatable {
        /// In the legend.
        public var name: String
        /// In the order of `x`; the line is broken where one is not finite.
        public var points: [Point]
        /// Whether it is drawn thin and grey, behind the others, with no colour of its own.
        public var isBackdrop: Bool

        /// A line.
        public init(name: String, points: [Point], isBackdrop: Bool = false) {
            self.name = name
            self.points = points
            self.isBackdrop = isBackdrop
        }
    }

    /// Written above it.
    public var title: String
    /// Under the horizontal axis.
    public var xTitle: String
    /// Beside the vertical axis.
    public var yTitle: String
    /// In the legend's order.
    public var series: [Series]
    /// Whether equal ratios are equal heights; values that are not above 0 are then left out.
    public var isLogarithmic: Bool

    /// A chart of any lines.
    public init(title: String, xTitle: String, yTitle: String, series: [Series], isLogarithmic: Bool = false) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.series = series
        self.isLogarithmic = isLogarithmic
    }

    /// A chart of one noisy series, such as the loss of every step, with its exponential moving average over it.
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

    /// What is to be seen in it, in sentences.
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

    /// Draws the whole of it, or says that there is nothing to draw.
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

    /// Each series' own; none for one in the back.
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
        // Every point of a short line is marked; of a long one as many as tell the lines apart.
        let every = known.count <= 25 ? 1 : (known.count + 9) / 10
        for index in stride(from: every / 2, to: known.count, by: every) {
            canvas.mark(style.marker, at: known[index], style.colour)
        }
    }
}
