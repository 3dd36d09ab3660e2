/// The code points of a text, with look-ups around a position.
///
/// Every look-up examines a bounded number of code points, except over whitespace, which the scanner passes only once.
struct ScalarReader {
    let scalars: [Unicode.Scalar]

    /// The longest word that look-ups examine, in code points. Longer words are in no list.
    static let longestWord = 24

    var count: Int { scalars.count }

    func scalar(at index: Int) -> Unicode.Scalar? {
        scalars.indices.contains(index) ? scalars[index] : nil
    }

    /// Returns the kind of the code point at `index`. Both ends of the text count as line breaks.
    func kind(at index: Int) -> ScalarKind {
        scalars.indices.contains(index) ? scalars[index].kind : .lineBreak
    }

    /// Returns the first position from `index` that is not whitespace, and the number of line breaks before it.
    func skipBlanks(from index: Int) -> (end: Int, lineBreaks: Int) {
        var end = index
        var lineBreaks = 0
        while end < count {
            let kind = scalars[end].kind
            guard kind.isBlank else { break }
            // A carriage return followed by a line feed is one line break.
            if kind == .lineBreak, !(scalars[end] == "\n" && end > index && scalars[end - 1] == "\r") {
                lineBreaks += 1
            }
            end += 1
        }
        return (end, lineBreaks)
    }

    /// Returns the range of the letters directly before `end`, at most ``longestWord``.
    func word(endingAt end: Int) -> Range<Int> {
        var start = end
        while start > 0, end - start < Self.longestWord, scalars[start - 1].kind.isLetter { start -= 1 }
        return start..<end
    }

    /// Returns the range of the letters from `start`, at most ``longestWord``.
    func word(startingAt start: Int) -> Range<Int> {
        var end = start
        while end < count, end - start < Self.longestWord, scalars[end].kind.isLetter { end += 1 }
        return start..<end
    }

    func packed(_ range: Range<Int>) -> PackedWord? {
        PackedWord(scalars[range])
    }

    /// Returns whether the range contains no lower-case letter, apart from the `s` of `OBJECTIVE(s)`.
    func isUppercaseWords(_ range: Range<Int>) -> Bool {
        range.allSatisfy { scalars[$0].kind != .lower || scalars[$0] == "s" && scalar(at: $0 - 1) == "(" }
    }

    /// Returns whether the word is a capital followed only by lower-case letters. A single capital does not count.
    func isCapitalised(_ range: Range<Int>) -> Bool {
        guard range.count > 1, scalars[range.lowerBound].kind == .upper else { return false }
        return scalars[range.dropFirst()].allSatisfy { $0.kind == .lower }
    }
}
