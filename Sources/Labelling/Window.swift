/// A run of pieces the encoder reads at once, with the rows that its results are read from.
public struct Window: Sendable, Equatable {
    /// Vocabulary ids, special pieces included.
    public var ids: [Int32]
    /// Each sentence's rows in the window, its `[SEP]` included.
    public var spans: [Range<Int>]
    /// Which of its text's sentences the first span is; the others follow it.
    public var firstSentence: Int

    /// Takes ids and the spans within them.
    public init(ids: [Int32], spans: [Range<Int>], firstSentence: Int = 0) {
        self.ids = ids
        self.spans = spans
        self.firstSentence = firstSentence
    }
}

extension [Window] {
    /// The pieces of all windows.
    public var tokens: Int { reduce(0) { $0 + $1.ids.count } }
    /// The spans of all windows: as many as there are sentences, or more where windows overlap.
    public var spans: Int { reduce(0) { $0 + $1.spans.count } }

    /// Takes the rows of these windows' spans, which come first, off those of more windows.
    public func takeRows<Rows: Collection>(from rows: inout Rows) -> [[Double]]
    where Rows.Element == [Double], Rows.SubSequence == Rows {
        defer { rows = rows.dropFirst(spans) }
        return [[Double]](rows.prefix(spans))
    }
}
