/// Looks around a position in the text; every look is bounded, or runs over blanks that nothing runs over again.
struct ScalarReader {
    let scalars: [Unicode.Scalar]

    /// Longer words are in no list, so nothing looks further.
    static let longestWord = 24

    var count: Int { scalars.count }

    func scalar(at index: Int) -> Unicode.Scalar? {
        scalars.indices.contains(index) ? scalars[index] : nil
    }

    /// The kind of the code point at `index`; the text is bounded by line breaks.
    func kind(at index: Int) -> ScalarKind {
        scalars.indices.contains(index) ? scalars[index].kind : .lineBreak
    }

    /// The first position from `index` on that is not whitespace, and how many lines end before it.
    func skipBlanks(from index: Int) -> (end: Int, lineBreaks: Int) {
        var end = index
        var lineBreaks = 0
        while end < count {
            let kind = scalars[end].kind
            guard kind.isBlank else { break }
            // A carriage return and the line feed after it are one.
            if kind == .lineBreak, !(scalars[end] == "\n" && end > index && scalars[end - 1] == "\r") {
                lineBreaks += 1
            }
            end += 1
        }
        return (end, lineBreaks)
    }

    /// The letters right before `end`.
    func word(endingAt end: Int) -> Range<Int> {
        var start = end
        while start > 0, end - start < Self.longestWord, scalars[start - 1].kind.isLetter { start -= 1 }
        return start..<end
    }

    /// The letters from `start` on.
    func word(startingAt start: Int) -> Range<Int> {
        var end = start
        while end < count, end - start < Self.longestWord, scalars[end].kind.isLetter { end += 1 }
        return start..<end
    }

    func packed(_ range: Range<Int>) -> PackedWord? {
        PackedWord(scalars[range])
    }

    /// Whether there is no small letter in the range, but for the `s` of `OBJECTIVE(s)`.
    func isUppercaseWords(_ range: Range<Int>) -> Bool {
        range.allSatisfy { scalars[$0].kind != .lower || scalars[$0] == "s" && scalar(at: $0 - 1) == "(" }
    }

    /// Whether the word is a capital, then small letters only; a lone capital is not.
    func isCapitalised(_ range: Range<Int>) -> Bool {
        guard range.count > 1, scalars[range.lowerBound].kind == .upper else { return false }
        return scalars[range.dropFirst()].allSatisfy { $0.kind == .lower }
    }
}
