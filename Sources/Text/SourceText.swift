/// A text as an array of Unicode scalars, so that every offset counts code points, as in a Python `str`.
public struct SourceText: Sendable, Equatable {
    /// The code points of the text, in order.
    public let scalars: [Unicode.Scalar]

    /// Creates a source text from the Unicode scalars of `text`.
    public init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The number of code points.
    public var count: Int { scalars.count }

    /// Returns the code points in `range` as a string.
    public func string(in range: Range<Int>) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars[range])
        return String(result)
    }
}
