/// The pieces of many texts in one array: texts of sentences of pieces.
struct PieceTable: Sendable {
    private var pieces: [Int32] = []
    /// Where each sentence ends in `pieces`, after a 0.
    private var sentenceEnds = [0]
    /// Where each text ends among the sentences, after a 0.
    private var textEnds = [0]

    /// The texts.
    var count: Int { textEnds.count - 1 }

    /// Adds a sentence to the text that is being added; `append` adds its pieces.
    mutating func addSentence(_ append: (inout [Int32]) -> Void) {
        append(&pieces)
        sentenceEnds.append(pieces.count)
    }

    /// Ends the text that is being added.
    mutating func endText() {
        textEnds.append(sentenceEnds.count - 1)
    }

    /// How many sentences a text has.
    func sentenceCount(of text: Int) -> Int { textEnds[text + 1] - textEnds[text] }

    /// One sentence's pieces.
    func sentence(_ sentence: Int, of text: Int) -> ArraySlice<Int32> {
        let index = textEnds[text] + sentence
        return pieces[sentenceEnds[index]..<sentenceEnds[index + 1]]
    }
}
