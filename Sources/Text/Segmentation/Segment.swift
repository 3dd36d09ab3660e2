/// A sentence of the text, with its inline heading if it has one.
public struct Segment: Sendable, Equatable {
    /// The span of the whole segment in code points, with the heading and without surrounding whitespace.
    public var range: Range<Int>
    /// The span without the heading: the text that the model reads. Empty if the heading has no text of its own.
    public var body: Range<Int>
    /// The heading that opens the segment. It also applies to the segments that follow, up to the next heading.
    public var heading: Heading?

    /// Creates a segment. `body` must lie at the end of `range`.
    public init(range: Range<Int>, body: Range<Int>, heading: Heading? = nil) {
        self.range = range
        self.body = body
        self.heading = heading
    }
}
