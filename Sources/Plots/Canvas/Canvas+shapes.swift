internal import CCairo

/// The colour, width and dashes of a line.
struct Stroke {
    var colour: Colour
    var width = 1.0
    /// Alternating lengths of dashes and gaps in points; empty for a solid line.
    var dashes: [Double] = []
}

/// The shape of a small mark at a data point.
enum Marker: CaseIterable {
    case circle, square, triangle, diamond, pointedDown, cross
}

extension Canvas {
    mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
        path([start, end], stroke)
    }

    /// Draws a line through points in their order.
    mutating func path(_ points: [Point], _ stroke: Stroke) {
        trace(points)
        draw(stroke)
    }

    mutating func rectangle(_ rectangle: Rectangle, fill: Colour? = nil, stroke: Stroke? = nil) {
        unsafe cairo_rectangle(context, rectangle.left, rectangle.top, rectangle.width, rectangle.height)
        if let fill {
            set(fill)
            unsafe cairo_fill_preserve(context)
        }
        if let stroke { draw(stroke) }
        unsafe cairo_new_path(context)
    }

    /// Draws a marker about twice `radius` wide; a hollow one is filled with the background colour.
    mutating func mark(
        _ marker: Marker, at place: Point, radius: Double = 3.5, _ colour: Colour, isHollow: Bool = false
    ) {
        func corners(_ offsets: [(x: Double, y: Double)]) -> [Point] {
            offsets.map { Point(x: place.x + $0.x * radius, y: place.y + $0.y * radius) }
        }
        switch marker {
        case .circle:
            unsafe cairo_new_sub_path(context)
            unsafe cairo_arc(context, place.x, place.y, radius, 0, 2 * .pi)
        case .square: trace(corners([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]))
        case .triangle: trace(corners([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]))
        case .diamond: trace(corners([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]))
        case .pointedDown: trace(corners([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]))
        case .cross:
            trace(corners([(-1, -1), (1, 1)]))
            trace(corners([(-1, 1), (1, -1)]))
        }
        if marker != .cross {
            unsafe cairo_close_path(context)
            set(isHollow ? .paper : colour)
            unsafe cairo_fill_preserve(context)
        }
        draw(Stroke(colour: colour, width: marker == .cross || isHollow ? 1.8 : 0.8))
    }

    /// Runs drawing commands that leave everything outside a rectangle unchanged.
    mutating func clipped(to rectangle: Rectangle, _ body: (inout Canvas) -> Void) {
        unsafe cairo_save(context)
        unsafe cairo_rectangle(context, rectangle.left, rectangle.top, rectangle.width, rectangle.height)
        unsafe cairo_clip(context)
        body(&self)
        unsafe cairo_restore(context)
    }

    private func trace(_ points: [Point]) {
        guard let first = points.first else { return }
        unsafe cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { unsafe cairo_line_to(context, point.x, point.y) }
    }

    private func draw(_ stroke: Stroke) {
        set(stroke.colour)
        unsafe cairo_set_line_width(context, stroke.width)
        unsafe cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        unsafe stroke.dashes.withUnsafeBufferPointer {
            unsafe cairo_set_dash(context, $0.baseAddress, Int32($0.count), 0)
        }
        unsafe cairo_stroke(context)
    }
}
