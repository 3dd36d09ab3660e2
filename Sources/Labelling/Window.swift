/// The tokens of one encoder input, with the spans whose results the head computes.
public struct Window: Sendable, Equatable {
    /// The vocabulary ids of the tokens, including special tokens.
    public var ids: [Int32]
    /// The rows of each sentence in the window, including its `[SEP]`. For a text in a window of its own, the row of
    /// `[CLS]`.
    public var spans: [Range<Int>]
    /// The index, among the sentences of its text, of the sentence for the first span. The other spans follow in order.
    public var firstSentence: Int

    /// Creates a window from ids and the spans within them.
    public init(ids: [Int32], spans: [Range<Int>], firstSentence: Int = 0) {
        self.ids = ids
        self.spans = spans
        self.firstSentence = firstSentence
    }
}

extension [Window] {
    /// The number of tokens in all windows.
    public var tokens: Int { reduce(0) { $0 + $1.ids.count } }
    /// The number of spans in all windows. It exceeds the number of sentences if windows overlap.
    public var spans: Int { reduce(0) { $0 + $1.spans.count } }

    /// Removes the first rows of `rows`, one for each span of these windows, and returns them.
    public func takeRows(from rows: inout Slice<LogitRows>) -> Slice<LogitRows> {
        defer { rows = rows.dropFirst(spans) }
        return rows.prefix(spans)
    }
}
