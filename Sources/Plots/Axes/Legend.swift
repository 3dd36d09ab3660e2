/// A chart's legend: a name for each line, marker or colour.
struct Legend {
    /// One name with a sample of its line, marker or colour.
    struct Entry {
        var name: String
        var stroke: Stroke?
        var marker: Marker?
        /// Colour of a filled rectangle.
        var fill: Colour?
        fileprivate var colour: Colour { stroke?.colour ?? fill ?? .ink }
    }

    let entries: [Entry]
    private static let gap = 7.0
    private static let style = TextStyle.label

    init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// Width of the sample left of each name: a line or a filled rectangle.
    private var sample: Double { entries.contains { $0.stroke != nil } ? 30 : 16 }

    /// Draws the legend in rows from the top of an area.
    ///
    /// - Parameters:
    ///   - canvas: The canvas to draw on.
    ///   - area: The area to fill; entries that do not fit its height are replaced by "and N more".
    /// - Returns: The height used.
    func drawRows(on canvas: inout Canvas, in area: Rectangle) -> Double {
        let style = Self.style
        var (left, top, height) = (area.left, area.top, 0.0)
        for (index, entry) in entries.enumerated() {
            let lines = canvas.wrapped(entry.name, width: min(area.width, 420) - sample - Self.gap, lines: 2, style)
            let needed = sample + Self.gap + (lines.map { canvas.width(of: $0, style) }.max() ?? 0)
            if left > area.left, left + needed > area.right {
                (left, top, height) = (area.left, top + height, 0)
            }
            let own = Double(lines.count) * style.lineHeight + 3
            // Keep the last place of the last row for "and N more".
            let isFull = top + own + style.lineHeight > area.bottom && left + needed + 110 > area.right
            if isFull, index + 1 < entries.count {
                more(entries.count - index, on: &canvas, at: Point(x: left, y: top + 9))
                return top + own - area.top
            }
            draw(entry, lines, on: &canvas, at: Point(x: left, y: top + own / 2), style)
            left += needed + 18
            height = max(height, own)
        }
        return top + height - area.top
    }

    /// Returns the width that ``drawColumn(on:in:)`` needs, at most `most`.
    func columnWidth(on canvas: borrowing Canvas, most: Double) -> Double {
        let widest = entries.reduce(0) { max($0, canvas.width(of: $1.name, Self.style)) }
        return min(most, sample + Self.gap + widest + 1)
    }

    /// Draws the legend as a column, in a smaller font if there are many entries.
    func drawColumn(on canvas: inout Canvas, in area: Rectangle) {
        let isTight = Double(entries.count) * (Self.style.lineHeight + 5) > area.height
        let style = isTight ? TextStyle(size: 10) : Self.style
        var top = area.top
        for (index, entry) in entries.enumerated() {
            let lines = canvas.wrapped(
                entry.name, width: area.width - sample - Self.gap, lines: isTight ? 1 : 3, style)
            let height = Double(lines.count) * style.lineHeight + (isTight ? 2 : 5)
            let isLast = index + 1 == entries.count
            if top + height + (isLast ? 0 : style.lineHeight) > area.bottom {
                more(entries.count - index, on: &canvas, at: Point(x: area.left, y: top + 9))
                return
            }
            draw(entry, lines, on: &canvas, at: Point(x: area.left, y: top + height / 2), style)
            top += height
        }
    }

    private func more(_ count: Int, on canvas: inout Canvas, at place: Point) {
        canvas.text("and \(count) more", at: place, .start, .tick)
    }

    private func draw(
        _ entry: Entry, _ lines: [String], on canvas: inout Canvas, at place: Point, _ style: TextStyle
    ) {
        if let stroke = entry.stroke {
            canvas.line(from: place, to: Point(x: place.x + sample, y: place.y), stroke)
        }
        if let fill = entry.fill {
            canvas.rectangle(
                Rectangle(left: place.x + sample - 16, top: place.y - 6, width: 16, height: 12), fill: fill)
        }
        if let marker = entry.marker {
            canvas.mark(marker, at: Point(x: place.x + sample / 2, y: place.y), entry.colour)
        }
        canvas.text(lines: lines, at: Point(x: place.x + sample + Self.gap, y: place.y), .start, style)
    }
}
