import Plots

/// A piece of a page. What a literal says is markup; what is put into it is text, unless it is a piece itself.
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

    /// What is markup already, and made here.
    init(markup: String) { text = markup }

    static func += (left: inout HTML, right: HTML) { left.text += right.text }
}

extension Sequence<HTML> {
    /// One after the other.
    func joined() -> HTML { reduce(into: "") { $0 += $1 } }
}
