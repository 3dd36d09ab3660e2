import Evaluation
import Glibc

/// Where an axis is marked, and with what.
struct Ticks: Equatable {
    /// In rising order.
    let values: [Double]
    /// One for each value.
    let labels: [String]

    private init(values: [Double], labels: [String]) {
        self.values = values
        self.labels = labels
    }

    /// No marks.
    static let none = Ticks(values: [], labels: [])

    /// Multiples of 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice Numbers for Graph Labels").
    ///
    /// - Parameters:
    ///   - range: All of it finite and below 1e150.
    ///   - count: About how many are wanted.
    ///   - areWhole: Whether only whole numbers mean something.
    ///   - reachOut: Whether the first and the last enclose the range, rather than lie in it.
    init(linear range: ClosedRange<Double>, count: Int, areWhole: Bool = false, reachOut: Bool = false) {
        let span = range.upperBound - range.lowerBound
        var power = Int(log10(max(span, .leastNormalMagnitude) / Double(max(1, count))).rounded(.down))
        if areWhole { power = max(0, power) }
        let rough = span / Double(max(1, count)) / powerOfTen(Double(power))
        let factor: Double = rough < 1.5 ? 1 : rough < 3 ? 2 : rough < 7 ? 5 : 10
        let step = factor * powerOfTen(Double(power))
        let digits = max(0, -(factor == 10 ? power + 1 : power))
        // A little is allowed for rounding, so that a bound which is a tick is one.
        let bounds = (low: range.lowerBound / step, high: range.upperBound / step)
        let first = reachOut ? (bounds.low + 1e-9).rounded(.down) : (bounds.low - 1e-9).rounded(.up)
        let last = reachOut ? (bounds.high - 1e-9).rounded(.up) : (bounds.high + 1e-9).rounded(.down)
        values = first <= last ? (0...Int(min(last - first, 1_000))).map { (first + Double($0)) * step } : []
        let largest = max(values.first?.magnitude ?? 0, values.last?.magnitude ?? 0)
        labels = values.map { formatted($0, digits: digits, byPower: largest < 1e-3 || largest >= 1e6) }
    }

    /// Powers of ten, and 2 and 5 times each where there are few.
    ///
    /// - Parameters:
    ///   - range: All of it above 0 and finite.
    ///   - count: The most that are wanted.
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

/// 10ˣ.
func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }

/// A number with some digits after the point, or by a power of ten, such as 2.5e6; where nothing is said of that, what is
/// very large or small.
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

/// A factor of one digit and a power of ten.
private func formatted(_ factor: Double, power: Int) -> String {
    (-4..<6).contains(power)
        ? formatted(factor * powerOfTen(Double(power)), digits: max(0, -power)) : "\(Int(factor))e\(power)"
}

/// A count with commas, such as 12,315.
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

    /// Whether it can be drawn: a number, and not so large that spans and squares of it are none.
    var isDrawable: Bool { magnitude < 1e150 }

    /// Whether it has a place on a logarithmic axis; below this no power of ten is exact.
    var hasLogarithm: Bool { self >= 1e-150 }
}
