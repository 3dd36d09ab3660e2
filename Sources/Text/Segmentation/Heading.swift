/// A heading inside the text, such as `METHODS:` or `Design, Setting, and Participants`.
public struct Heading: Sendable, Equatable {
    /// Its words in code points, without the colon, stop or dash after them.
    public var range: Range<Int>
    /// The roles of the text below it, sorted and never empty; a combined heading has several.
    public var roles: [Role]

    /// Creates a heading from its words' code points and its roles.
    public init(range: Range<Int>, roles: [Role]) {
        self.range = range
        self.roles = roles
    }
}
