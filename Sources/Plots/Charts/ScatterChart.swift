/// A scatter chart of two figures of a few named items, such as quality against cost.
public struct ScatterChart: Chart {
    /// One named point.
    public struct Item: Sendable, Equatable {
        /// Name, drawn beside the marker.
        public var name: String
        /// The two figures.
        public var place: Point

        /// Creates an item with its two figures.
        public init(name: String, x: Double, y: Double) {
            self.name = name
            place = Point(x: x, y: y)
        }
    }

    /// Title, drawn above the chart.
    public var title: String
    /// Title of the horizontal axis.
    public var xTitle: String
    /// Title of the vertical axis.
    public var yTitle: String
    /// Items in the order of their styles.
    public var items: [Item]
    /// Whether the horizontal axis is logarithmic; items whose `x` is not above 0 are then left out.
    public var isLogarithmic: Bool

    /// Creates a chart of items.
    public init(title: String, xTitle: String, yTitle: String, items: [Item], isLogarithmic: Bool = true) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.items = items
        self.isLogarithmic = isLogarithmic
    }

    /// A description of the chart in sentences.
    public var summary: String {
        guard !items.isEmpty else { return "No data." }
        let places = items.map { item in
            isDrawn(item) ? "\(item.name) \(spoken(item.place.y)) at \(spoken(item.place.x))" : "\(item.name) no data"
        }
        return "\(yTitle) by \(xTitle): \(places.joined(separator: "; "))."
    }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        let area = canvas.drawTitle(title)
        let drawable = items.filter(isDrawn)
        guard
            let x = Scale(
                drawable.lazy.map(\.place.x), isLogarithmic ? .logarithmic : .places, count: 8),
            let y = Scale(drawable.lazy.map(\.place.y), .places, count: 7)
        else { return canvas.sayNoData(in: area) }
        let axes = Axes(on: canvas, in: area, x: x, y: y, xTitle: xTitle, yTitle: yTitle)
        axes.draw(on: &canvas)
        let marks = drawable.compactMap { item in axes.place(item.place).map { (name: item.name, place: $0) } }
        var taken = marks.map { mark in
            Rectangle(left: mark.place.x - 7, top: mark.place.y - 7, width: 14, height: 14)
        }
        for (index, mark) in marks.enumerated() {
            let style = SeriesStyle(index)
            canvas.mark(style.marker, at: mark.place, radius: 6, style.colour)
        }
        for mark in marks {
            let lines = canvas.wrapped(mark.name, width: 200, lines: 3, .label)
            let label = freePlace(for: lines, beside: mark.place, taken: taken, in: axes.frame, on: canvas)
            taken.append(label)
            for (index, line) in lines.enumerated() {
                canvas.text(
                    line,
                    at: Point(x: label.left, y: label.top + (Double(index) + 0.5) * TextStyle.label.lineHeight), .start,
                    .label)
            }
        }
    }

    private func isDrawn(_ item: Item) -> Bool {
        item.place.x.isDrawable && item.place.y.isDrawable && (!isLogarithmic || item.place.x.hasLogarithm)
    }

    /// Returns the position for a label where it covers least of what is already drawn.
    private func freePlace(
        for lines: [String], beside place: Point, taken: [Rectangle], in frame: Rectangle, on canvas: borrowing Canvas
    ) -> Rectangle {
        let width = lines.map { canvas.width(of: $0, .label) }.max() ?? 0
        let height = Double(lines.count) * TextStyle.label.lineHeight
        let candidates: [(x: Double, y: Double)] = [
            (11, -height / 2), (-11 - width, -height / 2), (-width / 2, -11 - height), (-width / 2, 11),
            (7, -8 - height), (-7 - width, -8 - height), (7, 8), (-7 - width, 8),
            (-width / 2, -26 - height), (-width / 2, 26),
        ]
        let rectangles = candidates.map {
            Rectangle(left: place.x + $0.x, top: place.y + $0.y, width: width, height: height)
        }
        func cost(_ rectangle: Rectangle) -> Double {
            let outside = width * height - rectangle.overlap(with: frame)
            return taken.reduce(outside) { $0 + $1.overlap(with: rectangle) }
        }
        let costs = rectangles.map(cost)
        let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
        return rectangles[best]
    }
}
