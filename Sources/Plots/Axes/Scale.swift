import Glibc

/// The mapping from values to positions along an axis.
struct Scale: Equatable {
    /// Values at the two ends of the axis.
    let range: ClosedRange<Double>
    let isLogarithmic: Bool
    let ticks: Ticks

    /// How the range and the ticks follow from the values.
    enum Kind {
        /// Exactly from the smallest value to the largest; `areWhole` if only whole numbers are meaningful.
        case run(areWhole: Bool)
        /// From a tick to a tick around the values, including zero if `fromZero`.
        case amounts(fromZero: Bool)
        /// From a tick to a tick, with a margin between the outermost values and the ends.
        case places
        /// Logarithmic, for values above 0, with a margin at both ends.
        case logarithmic
    }

    /// Creates a scale that covers the given values, or `nil` if none of them can be drawn.
    ///
    /// - Parameters:
    ///   - values: The values to cover; values that cannot be drawn are ignored.
    ///   - kind: How the range and the ticks follow from the values.
    ///   - count: The approximate number of ticks.
    init?(_ values: some Sequence<Double>, _ kind: Kind, count: Int) {
        isLogarithmic = if case .logarithmic = kind { true } else { false }
        let mustHaveLogarithm = isLogarithmic
        let drawable = values.filter { $0.isDrawable && (!mustHaveLogarithm || $0.hasLogarithm) }
        guard var low = drawable.min(), var high = drawable.max() else { return nil }
        switch kind {
        case .run(let areWhole):
            Self.widen(&low, &high, least: areWhole ? 1 : 0)
            range = low...high
            ticks = Ticks(linear: range, count: count, areWhole: areWhole)
        case .amounts(let fromZero):
            if fromZero { (low, high) = (min(0, low), max(0, high)) }
            Self.widen(&low, &high, least: 0)
            ticks = Ticks(linear: low...high, count: count, reachOut: true)
            range = min(low, ticks.values.first ?? low)...max(high, ticks.values.last ?? high)
        case .places:
            Self.widen(&low, &high, least: 0)
            let room = 0.06 * (high - low)
            ticks = Ticks(linear: low - room...high + room, count: count, reachOut: true)
            range = min(low, ticks.values.first ?? low)...max(high, ticks.values.last ?? high)
        case .logarithmic:
            // A margin for the markers at both ends.
            let room = max(0.15, 0.04 * log10(high / low))
            range = (low / powerOfTen(room))...(high * powerOfTen(room))
            ticks = Ticks(logarithmic: range, count: count)
        }
    }

    /// Widens a range that is empty, or nearly so, until it can be divided into ticks.
    private static func widen(_ low: inout Double, _ high: inout Double, least: Double) {
        let size = max(low.magnitude, high.magnitude)
        guard high - low < max(least, 1e-9 * size, 1e-150) else { return }
        if size == 0, least == 0 {
            high = 1
            return
        }
        let half = max(least / 2, 0.1 * size, 1e-150)
        (low, high) = (low - half, high + half)
    }

    /// Returns the position of a value: 0 at the lower end, 1 at the upper end, outside 0...1 beyond them, and `nil` if
    /// the value cannot be drawn.
    func share(_ value: Double) -> Double? {
        guard value.isDrawable else { return nil }
        guard isLogarithmic else { return (value - range.lowerBound) / (range.upperBound - range.lowerBound) }
        guard value.hasLogarithm else { return nil }
        return log10(value / range.lowerBound) / log10(range.upperBound / range.lowerBound)
    }
}

extension Scale {
    private init(_ range: ClosedRange<Double>, _ ticks: Ticks) {
        self.range = range
        isLogarithmic = false
        self.ticks = ticks
    }

    /// A scale from 0 to 1 without ticks, for an axis whose positions are labelled by other means.
    static let unmarked = Scale(0...1, .none)
}
