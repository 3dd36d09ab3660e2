/// Names under columns: horizontal if they fit, otherwise slanted by 45°.
struct ColumnLabels {
    /// Height of the labels in points.
    let height: Double
    private let lines: [[String]]
    private let width: Double
    private let isSlanted: Bool
    private let style: TextStyle
    /// The sine and cosine of 45°.
    private static let half = 0.5.squareRoot()

    init(_ labels: [String], width: Double, left: Double, on canvas: borrowing Canvas, _ style: TextStyle) {
        self.width = width
        let level = labels.map { canvas.wrapped($0, width: width - 6, lines: 4, style) }
        // A slanted word is easier to read than a broken one.
        isSlanted =
            level.contains { $0.last?.hasSuffix("…") == true }
            || labels.flatMap(\.breakable).contains { canvas.width(of: $0, style) > width - 2 }
        let small = TextStyle(size: min(style.size, max(6, 0.8 * width)))
        self.style = isSlanted ? small : style
        if isSlanted {
            let most = max(1, min(3, Int(width / Self.half / small.lineHeight)))
            let slanted = labels.map { canvas.wrapped($0, width: min(170, left * 1.3), lines: most, small) }
            let widest = slanted.joined().reduce(0) { max($0, canvas.width(of: $1, small)) }
            lines = slanted
            let deepest = Double(slanted.map(\.count).max() ?? 1) * small.lineHeight
            height = Self.half * (widest + deepest) + 8
        } else {
            lines = level
            height = Double(level.map(\.count).max() ?? 1) * style.lineHeight + 8
        }
    }

    func draw(on canvas: inout Canvas, under frame: Rectangle) {
        for (index, lines) in lines.enumerated() {
            let middle = frame.left + (Double(index) + 0.5) * width
            let depth = Double(lines.count) * style.lineHeight / 2
            if isSlanted {
                canvas.text(
                    lines: lines, at: Point(x: middle + 0.3 * depth, y: frame.bottom + 6 + Self.half * depth), .end,
                    turned: -.pi / 4, style)
            } else {
                canvas.text(lines: lines, at: Point(x: middle, y: frame.bottom + 6 + depth), .middle, style)
            }
        }
    }
}
