/// An exponential moving average of a series, corrected for its start at zero (Kingma & Ba 2015, "Adam", section 3).
struct ExponentialAverage {
    /// The weight that the past keeps when a value is added, in 0..<1.
    let decay: Double
    private var sum = 0.0
    private var weight = 0.0

    init(decay: Double) {
        self.decay = decay
    }

    /// Adds a value and returns the new average; a value that is not finite leaves the average as it was.
    mutating func add(_ value: Double) -> Double {
        if value.isFinite {
            sum = decay * sum + (1 - decay) * value
            weight = decay * weight + (1 - decay)
        }
        return weight > 0 ? sum / weight : .nan
    }

    /// Smooths a series: each value becomes the average of itself and the values before it.
    ///
    /// - Parameters:
    ///   - points: The series, in the order of its steps.
    ///   - decay: The weight that the past keeps; by default the average reaches back over about a sixtieth of the series.
    /// - Returns: One point for each point of the series, with the same `x`.
    static func smoothed(_ points: [Point], decay: Double? = nil) -> [Point] {
        var average = ExponentialAverage(decay: decay ?? max(0, 1 - 60 / Double(max(60, points.count))))
        return points.map { Point(x: $0.x, y: average.add($0.y)) }
    }
}
