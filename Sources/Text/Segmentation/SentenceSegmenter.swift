/// A rule-based segmenter that splits biomedical abstracts into sentences and recognises their inline headings.
///
/// The segments are in order, never empty and do not overlap. Only whitespace lies outside them. The time is linear in
/// the length of the text, for any text.
public struct SentenceSegmenter: Sendable {
    /// Creates a segmenter. It has no state and may be shared between threads.
    public init() {}

    /// Returns the segments of `text` in order; none if the text is empty or only whitespace.
    public func segment(_ text: SourceText) -> [Segment] {
        var scanner = SentenceScanner(reader: ScalarReader(scalars: text.scalars))
        return scanner.scan()
    }
}
