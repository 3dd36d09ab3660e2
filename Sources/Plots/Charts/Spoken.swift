import Glibc

/// A number with four digits that count, as a summary says it.
func spoken(_ value: Double) -> String {
    guard value.isDrawable else { return value.isNaN ? "not a number" : "beyond measure" }
    guard value != value.rounded() else { return formatted(value, digits: 0) }
    return formatted(value, digits: max(0, 3 - Int(log10(value.magnitude).rounded(.down))))
}

/// A share as a percentage.
func percentage(_ share: Double) -> String {
    "\(formatted(100 * share, digits: 1))%"
}
