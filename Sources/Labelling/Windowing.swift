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
        var layout = Layout(windows: [], truncated: [])
        let (opening, closing) = (tokenizer.vocabulary.classification, tokenizer.vocabulary.separator)
        var ids: [Int32] = [opening]
        var spans: [Range<Int>] = []
        var pieces: [Int32] = []
        for (index, sentence) in abstract.sentences.enumerated() {
            pieces.removeAll(keepingCapacity: true)
            let cut = tokenizer.appendIDs(of: abstract.text.scalars[sentence.body], to: &pieces, limit: sentencePieces)
            if cut { layout.truncated.insert(index) }
            if ids.count + pieces.count + 1 > windowPieces {
                layout.windows.append(Window(ids: ids, spans: spans))
                ids = [opening]
                spans = []
            }
            let start = ids.count
            ids += pieces
            ids.append(closing)
            spans.append(start..<ids.count)
        }
        if !spans.isEmpty { layout.windows.append(Window(ids: ids, spans: spans)) }
        return layout
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
