/// A text as its Unicode scalars, so that every offset in this program counts code points, as Python's `str` does.
public struct SourceText: Sendable, Equatable {
    /// One element for each code point.
    public let scalars: [Unicode.Scalar]

    /// Takes a text apart.
    public init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The number of code points.
    public var count: Int { scalars.count }

    /// The code points of `range` as a string.
    public func string(in range: Range<Int>) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars[range])
        return String(result)
    }
}
