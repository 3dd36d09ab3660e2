public import Text

/// A rule for placing the tokens of sentences and texts in windows.
public struct Windowing: Sendable {
    /// The windows of a text, and the sentences that were truncated.
    public struct Layout: Sendable, Equatable {
        /// The windows in the order of the text. Each holds whole sentences.
        public var windows: [Window]
        /// The indices of sentences that exceeded the token limit and were truncated.
        public var truncated: Set<Int>

        package init(windows: [Window], truncated: Set<Int>) {
            self.windows = windows
            self.truncated = truncated
        }

        /// Returns one row for every sentence from the rows of the spans.
        ///
        /// If several windows contain a sentence, its row is their mean, weighted by the sentence's distance from the
        /// nearest cut in each window.
        package func sentenceRows(_ rows: Slice<LogitRows>) -> [[Double]] {
            let count = windows.last.map { $0.firstSentence + $0.spans.count } ?? 0
            guard rows.count > count, let first = rows.first else { return [[Double]](rows) }
            var sums = [[Double]](repeating: [Double](repeating: 0, count: first.count), count: count)
            var weights = [Double](repeating: 0, count: count)
            var next = rows.startIndex
            for window in windows {
                let isFirst = window.firstSentence == 0
                let isLast = window.firstSentence + window.spans.count == count
                for (sentence, span) in zip(window.firstSentence..., window.spans) {
                    let middle = Double(span.lowerBound + span.upperBound) / 2
                    let weight = min(
                        isFirst ? .infinity : middle, isLast ? .infinity : Double(window.ids.count) - middle)
                    sums[sentence] = zip(sums[sentence], rows[next]).map { $0 + weight * $1 }
                    weights[sentence] += weight
                    next += 1
                }
            }
            return zip(sums, weights).map { sum, weight in sum.map { $0 / weight } }
        }
    }

    /// The most tokens in a window, including `[CLS]` and every `[SEP]`.
    public let windowPieces: Int
    /// The most tokens of a sentence that shares a window with others, without its `[SEP]`.
    public let sentencePieces: Int
    /// Whether the windows of a long text overlap.
    private let overlapping: Bool
    private let tokenizer: WordPieceTokenizer

    /// Creates a rule for the tokens of `tokenizer`.
    ///
    /// - Parameters:
    ///   - tokenizer: The tokenizer of the checkpoint.
    ///   - windowPieces: The most tokens in a window; at least `sentencePieces + 2`.
    ///   - sentencePieces: The most tokens of a sentence that shares a window; at least 1.
    ///   - overlapping: Whether the windows of a long text overlap.
    public init(_ tokenizer: WordPieceTokenizer, windowPieces: Int, sentencePieces: Int, overlapping: Bool) {
        precondition(sentencePieces >= 1 && windowPieces >= sentencePieces + 2)
        self.tokenizer = tokenizer
        self.windowPieces = windowPieces
        self.sentencePieces = sentencePieces
        self.overlapping = overlapping
    }

    /// Returns windows of the form `[CLS] s1 [SEP] s2 [SEP] … [SEP]`: one, or several if the text is too long for one.
    ///
    /// - Parameters:
    ///   - abstract: The text and its sentences.
    ///   - check: Called before every sentence, so that the caller can cancel the work by an error.
    /// - Returns: The windows.
    /// - Throws: What `check` throws.
    public func together(_ abstract: Abstract, check: () throws -> Void = {}) rethrows -> Layout {
        var truncated: Set<Int> = []
        var pieces: [Int32] = []
        var ends: [Int] = []
        for (index, sentence) in abstract.sentences.enumerated() {
            try check()
            let cut = tokenizer.appendIDs(of: abstract.text.scalars[sentence.body], to: &pieces, limit: sentencePieces)
            if cut { truncated.insert(index) }
            close(&pieces, &ends)
        }
        return Layout(windows: windows(pieces, ends), truncated: truncated)
    }

    /// Returns windows for sentences that are already tokenised.
    ///
    /// - Parameter sentences: The token ids of each sentence, at most ``sentencePieces`` each.
    /// - Returns: Windows of whole sentences.
    public func together(_ sentences: some Sequence<some Collection<Int32>>) -> [Window] {
        var pieces: [Int32] = []
        var ends: [Int] = []
        for sentence in sentences {
            pieces += sentence
            close(&pieces, &ends)
        }
        return windows(pieces, ends)
    }

    /// Returns the number of tokens in all windows for sentences with these token counts, including special tokens.
    public func tokens(ofSentences lengths: some Sequence<Int>) -> Int {
        var end = 0
        let ends = lengths.map { length in
            end += length + 1
            return end
        }
        let plan = plan(ends)
        return plan.windows.reduce(0) { $0 + 1 + plan.pieces($1).count }
    }

    private func close(_ pieces: inout [Int32], _ ends: inout [Int]) {
        pieces.append(tokenizer.vocabulary.separator)
        ends.append(pieces.count)
    }

    private func windows(_ pieces: [Int32], _ ends: [Int]) -> [Window] {
        let plan = plan(ends)
        return plan.windows.map { sentences in
            let range = plan.pieces(sentences)
            // The shift from a position among all tokens to the same token's row in this window, after `[CLS]`.
            let offset = 1 - range.lowerBound
            let spans = sentences.map { sentence in
                let pieces = plan.pieces(sentence..<sentence + 1)
                return pieces.lowerBound + offset..<pieces.upperBound + offset
            }
            return Window(
                ids: [tokenizer.vocabulary.classification] + pieces[range], spans: spans,
                firstSentence: sentences.lowerBound)
        }
    }

    private func plan(_ ends: [Int]) -> WindowPlan {
        WindowPlan(ends: ends, capacity: windowPieces - 1, overlapping: overlapping)
    }

    /// Returns a window `[CLS] s [SEP]` for each sentence, truncated as with Hugging Face's `truncation=True`.
    ///
    /// - Parameters:
    ///   - abstract: The text and its sentences.
    ///   - check: Called before every sentence, so that the caller can cancel the work by an error.
    /// - Returns: The windows.
    /// - Throws: What `check` throws.
    public func apart(_ abstract: Abstract, check: () throws -> Void = {}) rethrows -> Layout {
        var layout = Layout(windows: [], truncated: [])
        for (index, sentence) in abstract.sentences.enumerated() {
            try check()
            var (window, cut) = alone(abstract.text.scalars[sentence.body])
            window.firstSentence = index
            if cut { layout.truncated.insert(index) }
            layout.windows.append(window)
        }
        return layout
    }

    /// Returns the window `[CLS] text [SEP]`, and whether the text was truncated to fit.
    public func alone(_ text: ArraySlice<Unicode.Scalar>) -> (Window, cut: Bool) {
        var ids: [Int32] = [tokenizer.vocabulary.classification]
        let cut = tokenizer.appendIDs(of: text, to: &ids, limit: windowPieces - 2)
        ids.append(tokenizer.vocabulary.separator)
        return (Window(ids: ids, spans: [0..<1]), cut)
    }
}
