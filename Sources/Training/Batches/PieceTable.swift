/// The token ids of many texts in one array. A text is a list of sentences, and a sentence a list of tokens.
struct PieceTable: Sendable {
    private var pieces: [Int32] = []
    /// The end of each sentence in `pieces`, preceded by a 0.
    private var sentenceEnds = [0]
    /// The end of each text in `sentenceEnds`, preceded by a 0.
    private var textEnds = [0]

    /// The number of texts.
    var count: Int { textEnds.count - 1 }

    /// Adds a sentence to the open text. The closure appends the sentence's token ids.
    mutating func addSentence(_ append: (inout [Int32]) -> Void) {
        append(&pieces)
        sentenceEnds.append(pieces.count)
    }

    /// Ends the open text.
    mutating func endText() {
        textEnds.append(sentenceEnds.count - 1)
    }

    /// Returns the number of sentences in a text.
    func sentenceCount(of text: Int) -> Int { textEnds[text + 1] - textEnds[text] }

    /// Returns the token ids of one sentence.
    func sentence(_ sentence: Int, of text: Int) -> ArraySlice<Int32> {
        let index = textEnds[text] + sentence
        return pieces[sentenceEnds[index]..<sentenceEnds[index + 1]]
    }
}
