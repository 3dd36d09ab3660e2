/// The remains of a heading that was removed only in part, as in many exports of PubMed.
struct HeadingResidue {
    /// The span of the leftover words, without the whitespace after them.
    var range: Range<Int>
    /// The labels of the text below, where the leftover words still determine them; otherwise empty.
    var roles: [Role]
}

/// Recognises heading residue where a sentence may begin, so that it does not become part of the next sentence.
extension HeadingRecogniser {
    /// Returns the residue that begins at `start`, if a sentence follows it directly.
    func residue(at start: Int) -> HeadingResidue? {
        guard reader.kind(at: start) == .upper else { return nil }
        return possessive(at: start) ?? conjunction(at: start)
    }

    /// Recognises `AUTHORS'`, left from `AUTHORS' CONCLUSIONS`: `… in adults. AUTHORS' There is little evidence.`
    private func possessive(at start: Int) -> HeadingResidue? {
        let word = reader.word(startingAt: start)
        guard reader.isUppercaseWords(word), let packed = reader.packed(word), Self.owners.contains(packed) else {
            return nil
        }
        var end = word.upperBound
        guard isApostrophe(at: end) else { return nil }
        end += reader.scalar(at: end + 1) == "S" ? 2 : 1
        let next = reader.skipBlanks(from: end).end
        guard next > end, opensSentence(at: next), heading(at: start, opensLine: true) == nil else { return nil }
        return HeadingResidue(range: start..<end, roles: [.conclusions])
    }

    /// Recognises `PATIENTS AND`, left from `PATIENTS AND METHODS`: `… in adults. PATIENTS AND Thirty men were asked.`
    ///
    /// In ordinary text, the first `and` of a sentence is not followed by a capitalised `Thirty` or `In this`. A single
    /// word before `and` therefore need not be a known heading.
    private func conjunction(at start: Int) -> HeadingResidue? {
        var end = start
        for count in 1...Self.mostWords {
            end = reader.word(startingAt: end).upperBound
            guard end > start, reader.kind(at: end) == .whitespace else { return nil }
            if let conjunctionEnd = endOfConjunction(at: end + 1) {
                let next = reader.skipBlanks(from: conjunctionEnd).end
                let opener = reader.word(startingAt: next)
                guard next > conjunctionEnd, let packed = reader.packed(opener),
                    opener.count == 1 || reader.isCapitalised(opener)
                else { return nil }
                let roles = roles(start..<end) ?? []
                let opens =
                    roles.isEmpty
                    ? count == 1 && SentenceOpeners.afterMissingStop.contains(packed)
                    : SentenceOpeners.functionWords.contains(packed)
                guard opens, isSmall(after: opener) || !roles.isEmpty && packed == Self.article else { return nil }
                return HeadingResidue(range: start..<conjunctionEnd, roles: roles)
            }
            end += 1
        }
        return nil
    }

    private func opensSentence(at index: Int) -> Bool {
        switch Opening(reader: reader, at: index) {
        // `AUTHORS' AFFILIATIONS: One centre` is another heading, not residue.
        case .capital(let word): word.count == 1 || !reader.isUppercaseWords(word) || isSmall(after: word)
        case .numeral, .name: true
        case .lower, .sign, .mark: false
        }
    }

    private func endOfConjunction(at index: Int) -> Int? {
        if reader.scalar(at: index) == "&" { return index + 1 }
        let word = reader.word(startingAt: index)
        return reader.packed(word) == Self.and ? word.upperBound : nil
    }

    private func isSmall(after word: Range<Int>) -> Bool {
        reader.kind(at: word.upperBound) == .whitespace && reader.kind(at: word.upperBound + 1) == .lower
    }

    private func isApostrophe(at index: Int) -> Bool {
        reader.scalar(at: index) == "'" || reader.scalar(at: index) == "’"
    }

    private static let mostWords = 3
    private static let owners = PackedWord.words("AUTHORS AUTHOR REVIEWERS REVIEWER")
    private static let and = PackedWord("and".unicodeScalars)
    private static let article = PackedWord("A".unicodeScalars)
}
