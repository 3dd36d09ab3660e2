import Plots

/// A fragment of an HTML page. Its literals are markup; interpolated strings are escaped as text, and interpolated
/// fragments are inserted as they are.
struct HTML: ExpressibleByStringInterpolation {
    private(set) var text: String

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ text: String) { self.text += text.markup }
        mutating func appendInterpolation(_ number: Int) { text += formatted(number) }
        mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
    }

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Creates a fragment from trusted markup, which is not escaped.
    init(markup: String) { text = markup }

    static func += (left: inout HTML, right: HTML) { left.text += right.text }
}

extension Sequence<HTML> {
    /// Returns the fragments concatenated in their order.
    func joined() -> HTML { reduce(into: "") { $0 += $1 } }
}
