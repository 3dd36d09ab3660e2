/// Finds sentences that begin without a full stop before them.
extension StopRules {
    private static let longestHeading = 70

    /// A shorter fragment is more likely an unlisted heading: `Trial registration This study was`.
    private static let shortestSentence = 32

    /// Returns whether the capital at `position` opens a sentence after one that lacks its full stop:
    /// `in both arms We conclude`.
    func opensSentenceWithoutStop(at position: Int, after sentence: OpenSentence) -> Bool {
        guard position - sentence.bodyStart > Self.shortestSentence, reader.scalars[position - 1] == " "
        else { return false }
        let word = reader.word(startingAt: position)
        guard let packed = reader.packed(word), reader.kind(at: word.upperBound) == .whitespace,
            reader.kind(at: word.upperBound + 1) == .lower,
            reader.isCapitalised(word) && SentenceOpeners.afterMissingStop.contains(packed) || isTotal(word)
        else { return false }
        return mayLackStop(endingAt: position - 1)
            && (sentence.openBrackets == 0 || !bracketCloses(after: position))
    }

    /// Returns whether the sentence starts as `A total of 30 men` does. Other uses of a capital `A` look like
    /// `group A had`.
    private func isTotal(_ word: Range<Int>) -> Bool {
        word.count == 1 && reader.scalars[word.lowerBound] == "A"
            && reader.packed(reader.word(startingAt: word.upperBound + 1)) == Self.total
    }

    /// Returns whether a sentence can end at `end`: not after a name, a number or a function word.
    private func mayLackStop(endingAt end: Int) -> Bool {
        switch reader.scalars[end - 1] {
        case "%": return true
        // `(1) To ask` needs no full stop.
        case ")": return !reader.endsInListLabel(end)
        default: break
        }
        let word = reader.word(endingAt: end)
        guard word.count > 2, let last = reader.packed(word) else { return endsInNumberedName(end) }
        if word.allSatisfy({ reader.scalars[$0].kind == .lower }) {
            return !SentenceOpeners.functionWords.contains(last)
        }
        return reader.isUppercaseWords(word)
    }

    /// Returns whether the text before `end` is a name with a number, such as `COVID-19` or `IL-6`.
    private func endsInNumberedName(_ end: Int) -> Bool {
        var start = end
        while end - start < 3, reader.kind(at: start - 1) == .digit { start -= 1 }
        return start < end && reader.scalar(at: start - 1) == "-" && reader.kind(at: start - 2).isLetter
    }

    private static let total = PackedWord("total".unicodeScalars)

    /// Returns the beginning of the heading that ends at `colon`, if the heading follows an unfinished sentence.
    ///
    /// Only headings in capitals, or with a number before them, are clear enough to be recognised here.
    func headingStart(endingAtColon colon: Int, after bodyStart: Int) -> Int? {
        var end = colon
        if end > bodyStart, reader.scalars[end - 1] == " " { end -= 1 }
        guard end > bodyStart, reader.kind(at: end - 1).isLetter || reader.scalars[end - 1] == ")" else { return nil }
        var start = end
        let limit = max(bodyStart, colon - Self.longestHeading)
        while start > limit, isHeadingPart(reader.scalars[start - 1]) { start -= 1 }
        if let marker = markerStart(endingAt: start, after: bodyStart) {
            return headingStart(at: marker, endingAtColon: colon) ? marker : nil
        }
        for candidate in start..<end
        where reader.kind(at: candidate) == .upper && reader.kind(at: candidate - 1).isBlank && candidate > bodyStart
            && end - candidate > 3 && reader.isUppercaseWords(candidate..<end)
            && headingStart(at: candidate, endingAtColon: colon)
        {
            return candidate
        }
        return nil
    }

    private func isHeadingPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "/", "&", ",", "-": true
        default: scalar.kind.isLetter
        }
    }

    private func headingStart(at start: Int, endingAtColon colon: Int) -> Bool {
        guard let found = headings.heading(at: start, opensLine: false) else { return false }
        return found.heading.range.upperBound <= colon && found.bodyStart > colon
    }

    /// Returns the beginning of a marker such as `(2)` that ends at `end` and follows a semicolon or comma.
    private func markerStart(endingAt end: Int, after bodyStart: Int) -> Int? {
        var index = end - 1
        guard index > bodyStart, reader.scalars[index] == ")" else { return nil }
        index -= 1
        while index > bodyStart, end - index < 6, reader.kind(at: index).isWordPart { index -= 1 }
        guard index > bodyStart + 1, reader.scalars[index] == "(", reader.kind(at: index - 1).isBlank else {
            return nil
        }
        let before = reader.scalars[index - 2]
        return before == ";" || before == "," ? index : nil
    }
}
