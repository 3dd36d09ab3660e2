/// A position: on a canvas in points from the top left corner, or in a chart's data.
public struct Point: Sendable, Equatable {
    /// Horizontal coordinate, increasing to the right.
    public var x: Double
    /// Vertical coordinate, increasing downwards on a canvas and upwards in data.
    public var y: Double

    /// Creates the point `(x, y)`.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// An axis-aligned rectangle on a canvas, in points.
struct Rectangle: Equatable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    init(left: Double, top: Double, width: Double, height: Double) {
        self.left = left
        self.top = top
        self.width = max(0, width)
        self.height = max(0, height)
    }

    var right: Double { left + width }
    var bottom: Double { top + height }
    var middle: Point { Point(x: left + width / 2, y: top + height / 2) }

    /// Returns the rectangle reduced by a margin at each edge.
    func inset(left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0) -> Rectangle {
        Rectangle(
            left: self.left + left, top: self.top + top, width: width - left - right, height: height - top - bottom)
    }

    /// Returns the area of the intersection with another rectangle, in square points.
    func overlap(with other: Rectangle) -> Double {
        max(0, min(right, other.right) - max(left, other.left))
            * max(0, min(bottom, other.bottom) - max(top, other.top))
    }
}
