import Glibc

/// Formats a number with four significant digits for a chart's summary.
func spoken(_ value: Double) -> String {
    guard value.isDrawable else { return value.isNaN ? "not a number" : "out of range" }
    guard value != value.rounded() else { return formatted(value, digits: 0) }
    return formatted(value, digits: max(0, 3 - Int(log10(value.magnitude).rounded(.down))))
}

/// Formats a fraction as a percentage with one digit after the point.
func percentage(_ share: Double) -> String {
    "\(formatted(100 * share, digits: 1))%"
}
