/// The exponential moving average of a series, without the pull towards nought of its beginning (Kingma & Ba 2015,
/// "Adam", section 3).
struct ExponentialAverage {
    /// The share that the past keeps at every value, from 0 to below 1.
    let decay: Double
    private var sum = 0.0
    private var weight = 0.0

    init(decay: Double) {
        self.decay = decay
    }

    /// The average with one more value; the same as before after a value that is not finite.
    mutating func add(_ value: Double) -> Double {
        if value.isFinite {
            sum = decay * sum + (1 - decay) * value
            weight = decay * weight + (1 - decay)
        }
        return weight > 0 ? sum / weight : .nan
    }

    /// Every value's average with those before it.
    ///
    /// - Parameters:
    ///   - points: In the order of their steps.
    ///   - decay: The share that the past keeps; where absent, so much that about a sixtieth of the series counts.
    /// - Returns: A point for each.
    static func smoothed(_ points: [Point], decay: Double? = nil) -> [Point] {
        var average = ExponentialAverage(decay: decay ?? max(0, 1 - 60 / Double(max(60, points.count))))
        return points.map { Point(x: $0.x, y: average.add($0.y)) }
    }
}
