/// An inline section heading, such as `METHODS:` or `Design, Setting, and Participants`.
public struct Heading: Sendable, Equatable {
    /// The span of the heading's words in code points, without the colon, full stop or dash after them.
    public var range: Range<Int>
    /// The labels of the text below the heading, sorted and never empty. A combined heading has several.
    public var roles: [Role]

    /// Creates a heading from the span of its words, in code points, and its labels.
    public init(range: Range<Int>, roles: [Role]) {
        self.range = range
        self.roles = roles
    }
}
