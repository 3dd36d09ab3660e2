/// A sentence and the inline heading that opens it, if one does.
public struct Segment: Sendable, Equatable {
    /// The whole segment in code points: heading included, surrounding whitespace not.
    public var range: Range<Int>
    /// `range` without the heading, which is what a model reads; empty where a heading has no text of its own.
    public var body: Range<Int>
    /// The heading that opens the segment; the segments after it, up to the next heading, belong to it too.
    public var heading: Heading?

    /// Creates a segment; `body` lies at the end of `range`.
    public init(range: Range<Int>, body: Range<Int>, heading: Heading? = nil) {
        self.range = range
        self.body = body
        self.heading = heading
    }
}
