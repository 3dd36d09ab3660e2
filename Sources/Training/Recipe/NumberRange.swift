/// The numbers that a setting may have.
public struct NumberRange: Sendable, Equatable, CustomStringConvertible {
    private let limits: ClosedRange<Double>
    private let excludesLowest: Bool
    private let excludesHighest: Bool

    /// The numbers from `low` to `high`, both included.
    static func from(_ low: Double, to high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: false, excludesHighest: false)
    }

    /// The numbers from `low` to below `high`.
    static func from(_ low: Double, below high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: false, excludesHighest: true)
    }

    /// The numbers above `low` to `high`.
    static func above(_ low: Double, to high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: true, excludesHighest: false)
    }

    /// The numbers above `low` and below `high`.
    static func above(_ low: Double, below high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: true, excludesHighest: true)
    }

    /// Whether the setting may have this number; never NaN.
    public func contains(_ value: Double) -> Bool {
        limits.contains(value) && !(excludesLowest && value == limits.lowerBound)
            && !(excludesHighest && value == limits.upperBound)
    }

    /// Such as "a number above 0.0 to 1.0".
    public var description: String {
        "a number \(excludesLowest ? "above" : "from") \(limits.lowerBound) \(excludesHighest ? "to below" : "to") \(limits.upperBound)"
    }
}
