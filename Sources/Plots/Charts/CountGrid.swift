/// A table of counts with named rows and columns; each cell also has a share, which shades it.
struct CountGrid {
    /// Names of the rows, from top to bottom.
    let rows: [String]
    /// Names of the columns, from left to right.
    let columns: [String]
    /// Title of the rows.
    let rowTitle: String
    /// Title of the columns.
    let columnTitle: String
    /// Cells, row by row; a share is `nil` if its total is zero.
    let cells: [[(count: Int, share: Double?)]]

    /// Draws the table, centred horizontally in the area.
    func draw(on canvas: inout Canvas, in area: Rectangle) {
        let (height, width) = (Double(rows.count), Double(columns.count))
        let style = TextStyle(size: min(12, max(6, (area.height - 60) / height * 0.8)))
        let rowLines = max(1, min(4, Int((area.height - 80) / height / style.lineHeight)))
        let names = rows.map { canvas.wrapped($0, width: min(190, 0.25 * area.width), lines: rowLines, style) }
        let left = (names.joined().map { canvas.width(of: $0, style) }.max() ?? 0) + 34
        let columnWidth = min((area.width - left) / width, 220)
        let columnNames = ColumnLabels(columns, width: columnWidth, left: left, on: canvas, style)
        var frame = Rectangle(
            left: area.left + left, top: area.top, width: columnWidth * width,
            height: area.height - columnNames.height - 34)
        // Keep cells at most a fifth higher than wide, and centre the table.
        frame.height = min(frame.height, 1.2 * columnWidth * height)
        frame.left += (area.width - left - frame.width) / 2
        drawCells(on: &canvas, in: frame)
        let rowHeight = frame.height / height
        for (index, lines) in names.enumerated() {
            let middle = frame.top + (Double(index) + 0.5) * rowHeight
            canvas.text(lines: lines, at: Point(x: frame.left - 8, y: middle), .end, style)
        }
        columnNames.draw(on: &canvas, under: frame)
        canvas.text(
            rowTitle, at: Point(x: frame.left - left + 12, y: frame.middle.y), .middle, turned: -.pi / 2, .axis)
        canvas.text(
            columnTitle, at: Point(x: frame.middle.x, y: frame.bottom + columnNames.height + 20), .middle, .axis)
    }

    private func drawCells(on canvas: inout Canvas, in frame: Rectangle) {
        let (width, height) = (frame.width / Double(columns.count), frame.height / Double(rows.count))
        let widest = cells.joined().map { formatted($0.count) }.max { $0.count < $1.count } ?? ""
        let number = canvas.width(of: widest, TextStyle(size: 1, isBold: true))
        let unit = max(number, canvas.width(of: "100.0%", TextStyle(size: 1)))
        let both = min(14, (width - 6) / unit, (height - 4) / 2.4)
        // Small cells show only the count; their shade shows the share.
        let alone = min(12, (width - 4) / number, height - 3)
        for (row, cellsOfRow) in cells.enumerated() {
            for (column, (count, share)) in cellsOfRow.enumerated() {
                let cell = Rectangle(
                    left: frame.left + Double(column) * width, top: frame.top + Double(row) * height, width: width,
                    height: height)
                // At most 0.75, so that text is legible on the darkest cell, on a light background and on a dark one.
                canvas.rectangle(
                    cell, fill: .blue.with(opacity: 0.75 * (share ?? 0)), stroke: Stroke(colour: .line, width: 0.8))
                let number = formatted(count)
                if both >= 7 {
                    canvas.text(
                        number, at: Point(x: cell.middle.x, y: cell.middle.y - 0.6 * both), .middle,
                        TextStyle(size: both, isBold: true))
                    canvas.text(
                        share.map(percentage) ?? "–",
                        at: Point(x: cell.middle.x, y: cell.middle.y + 0.65 * both), .middle,
                        TextStyle(size: 0.92 * both))
                } else if alone >= 5, count > 0 {
                    canvas.text(number, at: cell.middle, .middle, TextStyle(size: alone, isBold: true))
                }
            }
        }
    }
}
