/// What the rules need to know of the sentence that a stop may end.
struct OpenSentence {
    var start: Int
    /// Where its text begins, after its heading.
    var bodyStart: Int
    var openBrackets: Int
}

/// A run of stops as read, such as `.`, `?!`, `.)` or `.”[12]`.
struct StopReading {
    var endsSentence: Bool
    /// The end of the run, with the quotes, brackets and citation that belong to it.
    var end: Int
    var closedBrackets: Int
}

/// Decides whether a stop ends a sentence, from what stands before and after it.
struct StopRules {
    let reader: ScalarReader
    let headings: HeadingRecogniser

    /// How far a bracket may be from its end for a sentence not to end inside it.
    private static let longestBracket = 300
    private static let deepestBracket = 5
    private static let longerThanAbbreviations = 6

    /// Reads the run of stops at `position`.
    func read(at position: Int, in sentence: OpenSentence) -> StopReading {
        var run = StopRun(reader: reader, at: position)
        var before = Precedent(reader: reader, stop: position, sentence: sentence)
        if run.hasSecondStop { before = .ordinary }
        if run.isEllipsis { before = .ellipsis }

        var ends = false
        let blanks = reader.skipBlanks(from: run.end)
        if blanks.end == reader.count || blanks.lineBreaks > 1 {
            ends = true
        } else if position == sentence.start {
            ends = false
        } else if run.isIdeographic {
            // The full-width stop is also a decimal point.
            ends = reader.kind(at: run.end) != .digit
        } else if blanks.end > run.end {
            ends = endsSentence(before, run, nextAt: blanks.end, isLineEnd: blanks.lineBreaks > 0)
        } else if let end = commaEnd(before, run) ?? citationEnd(before, run) {
            ends = true
            run.end = end
        } else {
            ends = isGlued(before, run)
        }
        if ends, blanks.lineBreaks < 2, sentence.openBrackets > run.closedBrackets, bracketCloses(after: run.end) {
            ends = false
        }
        return StopReading(endsSentence: ends, end: run.end, closedBrackets: run.closedBrackets)
    }

    // MARK: - A stop with a space after it

    private func endsSentence(_ before: Precedent, _ run: StopRun, nextAt next: Int, isLineEnd: Bool) -> Bool {
        let opening = Opening(reader: reader, at: next)
        if case .capital = opening, let found = headings.heading(at: next, opensLine: isLineEnd) {
            // `vs. Control. The` and `J. Case. We` need not be headings.
            let isPlain = before.isOrdinary || before == .number
            if isPlain || reader.scalar(at: reader.skipBlanks(from: found.heading.range.upperBound).end) == ":" {
                return true
            }
        }
        if run.isQuestion { return opening.isSentenceLike }
        // `(Smith et al.) The`: the bracket belongs to the sentence.
        if run.closedBrackets > 0, !before.isOrdinary && before != .number || isBracketedName(endingAt: run.start) {
            return false
        }

        switch before {
        case .listMarker: return false
        case .ellipsis:
            if case .capital = opening { return true }
            return false
        case .abbreviation(let abbreviation, let followsNumber):
            return ends(abbreviation, followsNumber: followsNumber, before: opening)
        case .dotted:
            return opensAsOpener(opening)
        case .initial, .letter, .smallLetter:
            return ends(before, before: opening)
        case .number:
            if case .lower(let word) = opening { return isLineEnd && !continues(word) || opens(word) }
            return opening.isSentenceLike
        case .openNumber:
            if case .capital = opening { return true }
            return false
        case .ordinary, .certain:
            if case .lower(let word) = opening {
                return before == .certain && run.isSingle && !continues(word) || opens(word)
            }
            return opening.isSentenceLike
        }
    }

    private func ends(_ abbreviation: Abbreviation, followsNumber: Bool, before opening: Opening) -> Bool {
        switch (abbreviation, opening) {
        case (.neverEnds, _): false
        case (.beforeNumeral, .capital(let word)): !hasDigit(after: word)
        case (.endsBeforeOpener, _): opensAsOpener(opening)
        case (.unit, .capital): true
        case (.unit, .numeral), (.unit, .name): followsNumber
        default: false
        }
    }

    /// A single letter: an initial or a genus (`J. Smith`, `E. coli`), or a name's last letter (`vitamin D. We`).
    private func ends(_ letter: Precedent, before opening: Opening) -> Bool {
        switch opening {
        case .capital(let word):
            if letter != .initial { return true }
            let isInitial = word.count == 1 && reader.scalar(at: word.upperBound) == "."
            return !isInitial && opensAsOpener(opening)
        case .numeral: return letter == .letter
        case .name, .lower, .sign, .mark: return false
        }
    }

    /// `(Willd.) Miers`: the first author of a plant's name.
    private func isBracketedName(endingAt end: Int) -> Bool {
        let word = reader.word(endingAt: end)
        return reader.isCapitalised(word) && reader.kind(at: word.lowerBound - 1) == .opening
    }

    private func opensAsOpener(_ opening: Opening) -> Bool {
        guard case .capital(let word) = opening, let packed = reader.packed(word) else { return false }
        return SentenceOpeners.openers.contains(packed)
    }

    private func continues(_ word: Range<Int>) -> Bool {
        reader.packed(word).map(SentenceOpeners.continuations.contains) ?? false
    }

    private func opens(_ word: Range<Int>) -> Bool {
        reader.packed(word).map(SentenceOpeners.smallOpeners.contains) ?? false
    }

    /// Whether the token that begins with `word` has a digit: `No. NCT01234567`.
    private func hasDigit(after word: Range<Int>) -> Bool {
        let next = reader.kind(at: word.upperBound)
        return next == .digit || (next == .dash || next == .other) && reader.kind(at: word.upperBound + 1) == .digit
    }

    // MARK: - A stop with none

    /// The end of a comma mistyped behind the stop: `in Turkey., We isolated`.
    private func commaEnd(_ before: Precedent, _ run: StopRun) -> Int? {
        guard reader.scalar(at: run.end) == ",", run.isSingle else { return nil }
        let isLongWord = before.isOrdinary && reader.word(endingAt: run.start).count >= Self.longerThanAbbreviations
        guard before == .certain || before == .number || isLongWord else { return nil }
        let end = reader.kind(at: run.end + 1) == .quote ? run.end + 2 : run.end + 1
        let next = reader.skipBlanks(from: end).end
        return next > end && reader.kind(at: next) == .upper ? end : nil
    }

    /// The end of a citation right after the stop: `shown.12 We`, `shown.[3,4] We`.
    private func citationEnd(_ before: Precedent, _ run: StopRun) -> Int? {
        let opensBracket = reader.kind(at: run.end) == .opening
        let isSuperscript = reader.kind(at: run.end) == .superscript
        guard before.isOrdinary || opensBracket && before == .number || isSuperscript else { return nil }
        var end = run.end + (opensBracket ? 1 : 0)
        let digits = end
        let limit = min(reader.count, end + ScalarReader.longestWord)
        while end < limit {
            let scalar = reader.scalars[end]
            let isSeparator = scalar.kind == .dash || scalar == "," || opensBracket && scalar == " "
            guard scalar.kind == .digit || scalar.kind == .superscript || isSeparator && end > digits else { break }
            end += 1
        }
        guard end > digits, !opensBracket || reader.kind(at: end) == .closing else { return nil }
        if opensBracket { end += 1 }
        let blanks = reader.skipBlanks(from: end)
        if blanks.end == reader.count || blanks.lineBreaks > 1 { return end }
        guard blanks.end > end, case .capital = Opening(reader: reader, at: blanks.end) else { return nil }
        return end
    }

    /// Whether two sentences lack the space between them: `groups.Results were`, not `www.Site.org` or `gene.Name`.
    private func isGlued(_ before: Precedent, _ run: StopRun) -> Bool {
        guard before.isOrdinary || before == .number || before == .letter || run.isQuestion,
            reader.kind(at: run.end) == .upper
        else { return false }
        if headings.heading(at: run.end, opensLine: false) != nil { return true }
        let word = reader.word(startingAt: run.end)
        let isOpener = reader.packed(word).map(SentenceOpeners.openers.contains) ?? false
        guard
            reader.isCapitalised(word)
                || word.count == 1 && isOpener && reader.kind(at: word.upperBound) == .whitespace,
            isPlainToken(around: run, slash: isOpener)
        else { return false }
        if isOpener || run.closedBrackets > 0 || before == .number || run.isQuestion { return true }
        guard before != .letter, !reader.kind(at: run.start - 1).isLetter || reader.word(endingAt: run.start).count >= 5
        else { return false }
        let next = word.upperBound + 1
        let isComma = reader.scalar(at: word.upperBound) == ","
        guard word.count >= 4, isComma || reader.kind(at: word.upperBound) == .whitespace else { return false }
        return reader.kind(at: isComma ? next + 1 : next) == .lower || reader.kind(at: next) == .digit
    }

    /// Whether the token that the stop stands in is no address, path or file name.
    private func isPlainToken(around run: StopRun, slash: Bool) -> Bool {
        func isPart(_ index: Int) -> Bool {
            switch reader.scalar(at: index) {
            case "@", "\\", "_", "=", "#", ".": false
            // `100 mg/d.After`, but `site/page.Name`.
            case "/": slash && index < run.start
            default: true
            }
        }
        var index = run.start - 1
        // Digits may have a decimal point before the stop: `0.001.Conclusions`.
        while index >= 0, run.start - index < ScalarReader.longestWord, !reader.kind(at: index).isBlank {
            if !isPart(index), reader.kind(at: index + 1) != .digit { return false }
            index -= 1
        }
        index = run.end
        while index < reader.count, index - run.end < ScalarReader.longestWord, !reader.kind(at: index).isBlank {
            if !isPart(index), !reader.kind(at: index + 1).isBlank { return false }
            index += 1
        }
        return true
    }

    // MARK: - Brackets

    /// Whether the bracket around `position` is closed soon; one that never is does not count.
    func bracketCloses(after position: Int) -> Bool {
        var depth = 1
        for scalar in reader.scalars[position..<min(reader.count, position + Self.longestBracket)] {
            switch scalar {
            case "(", "[", "{":
                depth += 1
                if depth > Self.deepestBracket { return false }
            case ")", "]", "}":
                depth -= 1
                if depth == 0 { return true }
            default: break
            }
        }
        return false
    }
}
