import Testing
import Text

/// Segments `text` and checks the conditions that hold for every text.
func segments(of text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [Segment] {
    let source = SourceText(text)
    let segments = SentenceSegmenter().segment(source)
    let violation = firstViolation(of: segments, in: source)
    #expect(violation == nil, "\(text.debugDescription)", sourceLocation: sourceLocation)
    return segments
}

/// Returns a description of the first invariant that the segments violate, or `nil` if they violate none.
func firstViolation(of segments: [Segment], in text: SourceText) -> String? {
    var end = 0
    for segment in segments {
        let range = segment.range
        if range.isEmpty { return "the segment at \(range.lowerBound) is empty" }
        if range.lowerBound < end || range.upperBound > text.count { return "\(range) overlaps or is outside" }
        if let gap = visible(in: end..<range.lowerBound, of: text) { return "nothing covers \(gap)" }
        if isBlank(text.scalars[range.lowerBound]) || isBlank(text.scalars[range.upperBound - 1]) {
            return "\(range) is not trimmed"
        }
        if segment.body.upperBound != range.upperBound || segment.body.lowerBound < range.lowerBound {
            return "the body \(segment.body) is not at the end of \(range)"
        }
        if let heading = segment.heading {
            if heading.range.isEmpty || heading.roles.isEmpty { return "the heading of \(range) is empty" }
            if heading.roles != Set(heading.roles).sorted() { return "the roles of \(range) are not sorted" }
            if heading.range.lowerBound < range.lowerBound || heading.range.upperBound > segment.body.lowerBound {
                return "the heading \(heading.range) is not before the body \(segment.body)"
            }
        } else if segment.body != range {
            return "\(range) has no heading, but its body differs from its range"
        }
        end = range.upperBound
    }
    return visible(in: end..<text.count, of: text).map { "nothing covers \($0)" }
}

private func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

private func visible(in gap: Range<Int>, of text: SourceText) -> Int? {
    gap.first { !isBlank(text.scalars[$0]) }
}
