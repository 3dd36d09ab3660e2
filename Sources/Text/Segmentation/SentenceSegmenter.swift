/// Splits biomedical abstracts into sentences and recognises their inline headings, by rules.
///
/// The segments are in order, do not overlap, are never empty, and leave only whitespace outside them.
/// Takes time linear in the text, whatever the text is.
public struct SentenceSegmenter: Sendable {
    /// Creates a segmenter; it holds no state and may be shared between threads.
    public init() {}

    /// The sentences of `text`, in order; none where the text is all whitespace.
    public func segment(_ text: SourceText) -> [Segment] {
        var scanner = SentenceScanner(reader: ScalarReader(scalars: text.scalars))
        return scanner.scan()
    }
}
