/// The numbers that a setting may have.
public struct NumberRange: Sendable, Equatable, CustomStringConvertible {
    private let limits: ClosedRange<Double>
    private let excludesLowest: Bool
    private let excludesHighest: Bool

    /// The numbers from `low` to `high`, both included.
    public static func from(_ low: Double, to high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: false, excludesHighest: false)
    }

    /// The numbers from `low` to below `high`.
    public static func from(_ low: Double, below high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: false, excludesHighest: true)
    }

    /// The numbers above `low` to `high`.
    public static func above(_ low: Double, to high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: true, excludesHighest: false)
    }

    /// The numbers above `low` and below `high`.
    public static func above(_ low: Double, below high: Double) -> NumberRange {
        NumberRange(limits: low...high, excludesLowest: true, excludesHighest: true)
    }

    /// Whether the setting may have this number; never NaN.
    public func contains(_ value: Double) -> Bool {
        limits.contains(value) && !(excludesLowest && value == limits.lowerBound)
            && !(excludesHighest && value == limits.upperBound)
    }

    /// Such as "a number above 0 and at most 1".
    public var description: String {
        func words(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
        let (low, high) = (words(limits.lowerBound), words(limits.upperBound))
        return switch (excludesLowest, excludesHighest) {
        case (false, false): "a number from \(low) to \(high)"
        case (false, true): "a number of at least \(low) and below \(high)"
        case (true, false): "a number above \(low) and at most \(high)"
        case (true, true): "a number above \(low) and below \(high)"
        }
    }
}
