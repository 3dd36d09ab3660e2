/// A rule-based segmenter that splits biomedical abstracts into sentences and recognises their inline headings.
///
/// The segments are in order, never empty and do not overlap. Only whitespace lies outside them. The time is linear in
/// the length of the text, for any text.
public struct SentenceSegmenter: Sendable {
    /// Creates a segmenter. It has no state and may be shared between threads.
    public init() {}

    /// Returns the segments of `text` in order; none if the text is empty or only whitespace.
    public func segment(_ text: SourceText) -> [Segment] {
        segment(text, atMost: .max) {}
    }

    /// Returns the segments of `text` in order, and stops early for a text with too many segments.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The number of segments after which the segmenter stops.
    ///   - check: Called after every few thousand code points, so that the caller can cancel the work by an error.
    /// - Returns: The segments; a few more than `limit` if the text has more.
    /// - Throws: What `check` throws.
    public func segment<Failure: Error>(
        _ text: SourceText, atMost limit: Int, check: () throws(Failure) -> Void
    ) throws(Failure) -> [Segment] {
        var scanner = SentenceScanner(reader: ScalarReader(scalars: text.scalars))
        return try scanner.scan(atMost: limit, check: check)
    }
}
