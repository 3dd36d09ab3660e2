public import Text

/// Puts pieces into windows.
public struct Windowing: Sendable {
    /// A text's windows, and which of its sentences lost pieces to a limit.
    public struct Layout: Sendable, Equatable {
        /// In the order of the text; each holds whole sentences.
        public var windows: [Window]
        /// Indices of sentences that were cut.
        public var truncated: Set<Int>

        /// The pieces of all windows.
        public var tokens: Int { windows.reduce(0) { $0 + $1.ids.count } }
    }

    /// The most pieces of a window, `[CLS]` and `[SEP]`s included.
    public let windowPieces: Int
    /// The most pieces of a sentence among others.
    public let sentencePieces: Int
    private let tokenizer: WordPieceTokenizer

    /// Windows over a tokenizer's pieces.
    ///
    /// - Parameters:
    ///   - tokenizer: Gives the pieces.
    ///   - windowPieces: At least `sentencePieces + 2`.
    ///   - sentencePieces: At least 1.
    public init(_ tokenizer: WordPieceTokenizer, windowPieces: Int, sentencePieces: Int) {
        precondition(sentencePieces >= 1 && windowPieces >= sentencePieces + 2)
        self.tokenizer = tokenizer
        self.windowPieces = windowPieces
        self.sentencePieces = sentencePieces
    }

    /// `[CLS] s1 [SEP] s2 [SEP] … [SEP]`, a new window wherever the next sentence would not fit.
    public func together(_ abstract: Abstract) -> Layout {
        var truncated: Set<Int> = []
        var builder = builder()
        var pieces: [Int32] = []
        for (index, sentence) in abstract.sentences.enumerated() {
            pieces.removeAll(keepingCapacity: true)
            let cut = tokenizer.appendIDs(of: abstract.text.scalars[sentence.body], to: &pieces, limit: sentencePieces)
            if cut { truncated.insert(index) }
            builder.append(pieces)
        }
        return Layout(windows: builder.finish(), truncated: truncated)
    }

    /// The same of sentences that are in pieces already.
    ///
    /// - Parameter sentences: Each at most ``sentencePieces`` long.
    /// - Returns: Windows of whole sentences.
    public func together(_ sentences: some Sequence<some Collection<Int32>>) -> [Window] {
        var builder = builder()
        for pieces in sentences { builder.append(pieces) }
        return builder.finish()
    }

    /// The pieces of all the windows of sentences of these lengths, special ones included.
    public func tokens(ofSentences lengths: some Sequence<Int>) -> Int {
        var tokens = 0
        var window = 1
        for length in lengths {
            if window + length + 1 > windowPieces {
                tokens += window
                window = 1
            }
            window += length + 1
        }
        return tokens + (window > 1 ? window : 0)
    }

    private func builder() -> WindowBuilder {
        WindowBuilder(
            windowPieces: windowPieces, opening: tokenizer.vocabulary.classification,
            closing: tokenizer.vocabulary.separator)
    }

    /// `[CLS] s [SEP]` for each sentence, cut to the window as Hugging Face's `truncation=True` does.
    public func apart(_ abstract: Abstract) -> Layout {
        var layout = Layout(windows: [], truncated: [])
        for (index, sentence) in abstract.sentences.enumerated() {
            let (window, cut) = alone(abstract.text.scalars[sentence.body])
            if cut { layout.truncated.insert(index) }
            layout.windows.append(window)
        }
        return layout
    }

    /// `[CLS] text [SEP]`, and whether pieces were cut off.
    public func alone(_ text: ArraySlice<Unicode.Scalar>) -> (Window, cut: Bool) {
        var ids: [Int32] = [tokenizer.vocabulary.classification]
        let cut = tokenizer.appendIDs(of: text, to: &ids, limit: windowPieces - 2)
        ids.append(tokenizer.vocabulary.separator)
        return (Window(ids: ids, spans: [0..<1]), cut)
    }
}
