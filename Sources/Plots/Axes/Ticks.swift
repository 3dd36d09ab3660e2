import Evaluation
import Glibc

/// The tick marks of an axis: their values and labels.
struct Ticks: Equatable {
    /// Values in ascending order.
    let values: [Double]
    /// Labels, one for each value.
    let labels: [String]

    private init(values: [Double], labels: [String]) {
        self.values = values
        self.labels = labels
    }

    /// No ticks.
    static let none = Ticks(values: [], labels: [])

    /// Creates ticks at multiples of 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice Numbers for Graph Labels").
    ///
    /// - Parameters:
    ///   - range: The range to mark; its bounds are finite and below 1e150 in magnitude.
    ///   - count: The approximate number of ticks.
    ///   - areWhole: Whether only whole numbers are meaningful.
    ///   - reachOut: Whether the first and last ticks enclose the range instead of lying inside it.
    init(linear range: ClosedRange<Double>, count: Int, areWhole: Bool = false, reachOut: Bool = false) {
        let span = range.upperBound - range.lowerBound
        var power = Int(log10(max(span, .leastNormalMagnitude) / Double(max(1, count))).rounded(.down))
        if areWhole { power = max(0, power) }
        let rough = span / Double(max(1, count)) / powerOfTen(Double(power))
        let factor: Double = rough < 1.5 ? 1 : rough < 3 ? 2 : rough < 7 ? 5 : 10
        let step = factor * powerOfTen(Double(power))
        let digits = max(0, -(factor == 10 ? power + 1 : power))
        // The tolerance keeps a bound that is itself a tick from being lost to rounding.
        let bounds = (low: range.lowerBound / step, high: range.upperBound / step)
        let first = reachOut ? (bounds.low + 1e-9).rounded(.down) : (bounds.low - 1e-9).rounded(.up)
        let last = reachOut ? (bounds.high - 1e-9).rounded(.up) : (bounds.high + 1e-9).rounded(.down)
        values = first <= last ? (0...Int(min(last - first, 1_000))).map { (first + Double($0)) * step } : []
        let largest = max(values.first?.magnitude ?? 0, values.last?.magnitude ?? 0)
        labels = values.map { formatted($0, digits: digits, byPower: largest < 1e-3 || largest >= 1e6) }
    }

    /// Creates ticks at powers of ten, and at 2 and 5 times each power if there is space for them.
    ///
    /// - Parameters:
    ///   - range: The range to mark; its bounds are finite and above 0.
    ///   - count: The largest number of ticks.
    init(logarithmic range: ClosedRange<Double>, count: Int) {
        let low = Int(log10(range.lowerBound).rounded(.down))
        let high = Int(log10(range.upperBound).rounded(.up))
        func inside(_ factors: [Double], every stride: Int = 1) -> [(value: Double, label: String)] {
            (low...high).filter { $0 % stride == 0 }.flatMap { power in
                factors.map { ($0 * powerOfTen(Double(power)), formatted($0, power: power)) }
            }.filter { range.contains($0.0) || $0.0.isNearly(range.lowerBound) || $0.0.isNearly(range.upperBound) }
        }
        var ticks = inside([1, 2, 5])
        if ticks.count > count { ticks = inside([1]) }
        if ticks.count > count { ticks = inside([1], every: (ticks.count + count - 1) / max(1, count)) }
        values = ticks.map(\.value)
        labels = ticks.map(\.label)
    }
}

/// Returns 10 to the power of `exponent`.
func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }

/// Formats a number with `digits` digits after the point and commas between thousands, or with a power of ten, such as
/// 2.5e6. By default very large and very small numbers get a power of ten.
func formatted(_ value: Double, digits: Int, byPower: Bool? = nil) -> String {
    let byPower = byPower ?? (value != 0 && !(1e-4..<1e6).contains(value.magnitude))
    guard byPower else { return grouped(decimal(value, digits: min(digits, 9))) }
    guard value != 0 else { return "0" }
    let power = Int(log10(value.magnitude).rounded(.down))
    var mantissa = grouped(decimal(value / powerOfTen(Double(power)), digits: min(6, max(0, digits + power))))
    if mantissa.contains(".") {
        while mantissa.hasSuffix("0") { mantissa.removeLast() }
        if mantissa.hasSuffix(".") { mantissa.removeLast() }
    }
    return "\(mantissa)e\(power)"
}

/// Formats a one-digit factor times a power of ten.
private func formatted(_ factor: Double, power: Int) -> String {
    (-4..<6).contains(power)
        ? formatted(factor * powerOfTen(Double(power)), digits: max(0, -power)) : "\(Int(factor))e\(power)"
}

/// Formats a count with commas between thousands, such as 12,315.
package func formatted(_ count: Int) -> String {
    grouped("\(count)")
}

private func grouped(_ number: String) -> String {
    if number.hasPrefix("-") { return "−" + grouped(String(number.dropFirst())) }
    let whole = number.prefix { $0 != "." }
    var grouped = ""
    for (place, digit) in whole.reversed().enumerated() {
        if place > 0, place % 3 == 0 { grouped.append(",") }
        grouped.append(digit)
    }
    return String(grouped.reversed()) + number.dropFirst(whole.count)
}

extension Double {
    fileprivate func isNearly(_ other: Double) -> Bool { (self - other).magnitude <= 1e-9 * other.magnitude }

    func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }

    /// Whether the value can be drawn: it is a number, and differences and squares of such values do not overflow.
    var isDrawable: Bool { magnitude < 1e150 }

    /// Whether the value has a position on a logarithmic axis; powers of ten below this limit are not precise.
    var hasLogarithm: Bool { self >= 1e-150 }
}
