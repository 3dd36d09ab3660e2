/// A horizontal and a vertical axis around the frame in which a chart draws its data.
struct Axes {
    let frame: Rectangle
    let x: Scale
    let y: Scale
    private let xTitle: String
    private let yTitle: String
    private let yTitleLines: [String]

    /// Lays the axes out in `area`: the tick labels and titles take their space from it, and the rest is the frame.
    init(on canvas: borrowing Canvas, in area: Rectangle, x: Scale, y: Scale, xTitle: String, yTitle: String) {
        (self.x, self.y, self.xTitle, self.yTitle) = (x, y, xTitle, yTitle)
        let bottom = xTitle.isEmpty ? 24.0 : 46
        yTitleLines =
            yTitle.isEmpty ? [] : canvas.wrapped(yTitle, width: area.height - bottom, lines: 2, .axis)
        let titles = Double(yTitleLines.count) * TextStyle.axis.lineHeight
        let widest = y.ticks.labels.reduce(0) { max($0, canvas.width(of: $1, .tick)) }
        let last = x.ticks.labels.last.map { canvas.width(of: $0, .tick) / 2 } ?? 0
        frame = area.inset(left: titles + widest + 14, right: max(6, last), bottom: bottom)
    }

    /// Returns the position on the canvas of a pair of values, or `nil` if it cannot be drawn.
    func place(_ point: Point) -> Point? {
        guard let x = x.share(point.x), let y = y.share(point.y) else { return nil }
        return Point(x: place(x: x), y: place(y: y))
    }

    private func place(x share: Double) -> Double { frame.left + share * frame.width }
    private func place(y share: Double) -> Double { frame.bottom - share * frame.height }

    /// Draws the grid, the axis lines, the tick labels and the titles.
    func draw(on canvas: inout Canvas) {
        let grid = Stroke(colour: .line, width: 0.8)
        for (value, label) in zip(y.ticks.values, y.ticks.labels) {
            guard let share = y.share(value) else { continue }
            let height = place(y: share)
            canvas.line(from: Point(x: frame.left, y: height), to: Point(x: frame.right, y: height), grid)
            canvas.text(label, at: Point(x: frame.left - 7, y: height), .end, .tick)
        }
        for (value, label) in zip(x.ticks.values, x.ticks.labels) {
            guard let share = x.share(value) else { continue }
            let left = place(x: share)
            canvas.line(from: Point(x: left, y: frame.top), to: Point(x: left, y: frame.bottom), grid)
            canvas.text(label, at: Point(x: left, y: frame.bottom + 14), .middle, .tick)
        }
        let axis = Stroke(colour: .faint, width: 1)
        canvas.path(
            [
                Point(x: frame.left, y: frame.top), Point(x: frame.left, y: frame.bottom),
                Point(x: frame.right, y: frame.bottom),
            ], axis)
        if !xTitle.isEmpty {
            let lines = canvas.wrapped(xTitle, width: frame.width, lines: 1, .axis)
            canvas.text(lines: lines, at: Point(x: frame.middle.x, y: frame.bottom + 35), .middle, .axis)
        }
        if !yTitleLines.isEmpty {
            let widest = y.ticks.labels.reduce(0) { max($0, canvas.width(of: $1, .tick)) }
            let half = Double(yTitleLines.count) * TextStyle.axis.lineHeight / 2
            canvas.text(
                lines: yTitleLines, at: Point(x: frame.left - widest - 14 - half, y: frame.middle.y), .middle,
                turned: -.pi / 2, .axis)
        }
    }
}

extension Canvas {
    /// Draws a chart's title at the top of the canvas.
    ///
    /// - Returns: The area below the title, inside the margins.
    mutating func drawTitle(_ title: String) -> Rectangle {
        let margin = 16.0
        let lines = wrapped(title, width: width - 2 * margin, lines: 2, .title)
        let height = Double(lines.count) * TextStyle.title.lineHeight
        text(lines: lines, at: Point(x: margin, y: margin + height / 2), .start, .title)
        let top = margin + height + 8
        return Rectangle(left: margin, top: top, width: width - 2 * margin, height: self.height - top - margin)
    }

    /// Draws an empty frame with the words "no data".
    mutating func sayNoData(in area: Rectangle) {
        rectangle(area, stroke: Stroke(colour: .line))
        text("no data", at: area.middle, .middle, TextStyle(size: 20, colour: .faint))
    }
}
