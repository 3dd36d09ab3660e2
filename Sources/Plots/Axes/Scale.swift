import Glibc

/// From values to places along an axis.
struct Scale: Equatable {
    /// The values at both ends.
    let range: ClosedRange<Double>
    let isLogarithmic: Bool
    let ticks: Ticks

    /// What an axis is to show beside its values.
    enum Kind {
        /// From the first value to the last; `areWhole` where only whole numbers mean something.
        case run(areWhole: Bool)
        /// From a tick to a tick, with nought among them or not.
        case amounts(fromZero: Bool)
        /// The same, with no value at the very end.
        case places
        /// By powers of ten; of values above 0.
        case logarithmic
    }

    /// A scale on which some values lie; `nil` where there are none.
    ///
    /// - Parameters:
    ///   - values: Others than can be drawn are passed over.
    ///   - kind: What the axis is to show.
    ///   - count: About how many ticks.
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
            // Room for the marks at both ends.
            let room = max(0.15, 0.04 * log10(high / low))
            range = (low / powerOfTen(room))...(high * powerOfTen(room))
            ticks = Ticks(logarithmic: range, count: count)
        }
    }

    /// Makes of what is one value, or nearly, a span that can be divided.
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

    /// Where a value lies: 0 at the lower end, 1 at the upper; beyond them outside, `nil` where it cannot be drawn.
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

    /// From 0 to 1, where the places along an axis are told by something else.
    static let unmarked = Scale(0...1, .none)
}
