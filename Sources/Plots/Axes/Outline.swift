/// Reduces a line to the points that are visible on a canvas.
///
/// Of the consecutive points within a column one canvas point wide, only the first, lowest, highest and last stay. Points
/// that can then go without moving the line by more than `tolerance` are removed (Ramer 1972, Douglas & Peucker 1973).
///
/// - Parameters:
///   - points: The line's points on the canvas.
///   - tolerance: The largest allowed movement, in canvas points.
/// - Returns: A subset of the points in the same order, including the first and the last.
func outline(_ points: [Point], tolerance: Double = 0.15) -> [Point] {
    simplified(thinned(points), tolerance: tolerance)
}

private func thinned(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    var start = 0
    while start < points.count {
        let column = points[start].x.rounded(.down)
        var end = start + 1
        while end < points.count, points[end].x.rounded(.down) == column { end += 1 }
        let range = start..<end
        let low = range.min { points[$0].y < points[$1].y } ?? start
        let high = range.max { points[$0].y < points[$1].y } ?? start
        kept += Set([start, low, high, end - 1]).sorted().map { points[$0] }
        start = end
    }
    return kept
}

private func simplified(_ points: [Point], tolerance: Double) -> [Point] {
    guard points.count > 2 else { return points }
    var isKept = [Bool](repeating: false, count: points.count)
    isKept[0] = true
    isKept[points.count - 1] = true
    var open = [(first: 0, last: points.count - 1)]
    while let (first, last) = open.popLast() {
        var farthest = (index: first, distance: tolerance)
        for index in first + 1..<max(first + 1, last) {
            let distance = distance(from: points[index], toLineFrom: points[first], to: points[last])
            if distance > farthest.distance { farthest = (index, distance) }
        }
        guard farthest.index > first else { continue }
        isKept[farthest.index] = true
        open += [(first, farthest.index), (farthest.index, last)]
    }
    return zip(points, isKept).compactMap { $1 ? $0 : nil }
}

/// Returns the distance from a point to the nearest point of a line segment.
private func distance(from point: Point, toLineFrom start: Point, to end: Point) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = dx * dx + dy * dy
    let along = length > 0 ? (((point.x - start.x) * dx + (point.y - start.y) * dy) / length).clamped(to: 0...1) : 0
    let (offX, offY) = (point.x - start.x - along * dx, point.y - start.y - along * dy)
    return (offX * offX + offY * offY).squareRoot()
}
