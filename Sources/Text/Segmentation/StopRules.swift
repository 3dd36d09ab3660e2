/// The state of the open sentence that the rules for stops need.
struct OpenSentence {
    var start: Int
    /// The beginning of the sentence's text, after its heading.
    var bodyStart: Int
    var openBrackets: Int
}

/// The decision about a run of stops, such as `.`, `?!`, `.)` or `.”[12]`.
struct StopReading {
    var endsSentence: Bool
    /// The end of the run, including the quotes, brackets and citation that belong to it.
    var end: Int
    var closedBrackets: Int
}

/// The rules that decide from the surrounding text whether a stop (`.`, `!`, `?` or `…`) ends a sentence.
struct StopRules {
    let reader: ScalarReader
    let headings: HeadingRecogniser

    /// The maximum distance to a closing bracket, in code points. A sentence does not end inside a bracket that closes
    /// within it.
    private static let longestBracket = 300
    private static let deepestBracket = 5
    private static let longerThanAbbreviations = 6

    /// Decides whether the run of stops at `position` ends the sentence.
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
            // The full-width full stop is also used as a decimal point.
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

    // MARK: - Stops followed by whitespace

    private func endsSentence(_ before: Precedent, _ run: StopRun, nextAt next: Int, isLineEnd: Bool) -> Bool {
        let opening = Opening(reader: reader, at: next)
        if case .capital = opening, let found = headings.heading(at: next, opensLine: isLineEnd) {
            // `vs. Control. The` and `J. Case. We` do not necessarily contain a heading.
            let isPlain = before.isOrdinary || before == .number
            if isPlain || reader.scalar(at: reader.skipBlanks(from: found.heading.range.upperBound).end) == ":" {
                return true
            }
        }
        if run.isQuestion { return opening.isSentenceLike }
        // `(Smith et al.) The`: the bracket is part of the sentence.
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

    /// Returns whether a sentence ends after a single letter: an initial or genus (`J. Smith`, `E. coli`) or the last
    /// letter of a name (`vitamin D. We`).
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

    /// Returns whether the bracket holds the first author of a plant name, as in `(Willd.) Miers`.
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

    /// Returns whether `word` is directly followed by a digit, perhaps after a dash or symbol: `No. NCT01234567`.
    private func hasDigit(after word: Range<Int>) -> Bool {
        let next = reader.kind(at: word.upperBound)
        return next == .digit || (next == .dash || next == .other) && reader.kind(at: word.upperBound + 1) == .digit
    }

    // MARK: - Stops without whitespace after them

    /// Returns the end of a comma that was mistyped after the full stop: `in Turkey., We isolated`.
    private func commaEnd(_ before: Precedent, _ run: StopRun) -> Int? {
        guard reader.scalar(at: run.end) == ",", run.isSingle else { return nil }
        let isLongWord = before.isOrdinary && reader.word(endingAt: run.start).count >= Self.longerThanAbbreviations
        guard before == .certain || before == .number || isLongWord else { return nil }
        let end = reader.kind(at: run.end + 1) == .quote ? run.end + 2 : run.end + 1
        let next = reader.skipBlanks(from: end).end
        return next > end && reader.kind(at: next) == .upper ? end : nil
    }

    /// Returns the end of a citation directly after the stop: `shown.12 We`, `shown.[3,4] We`.
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

    /// Returns whether the space between two sentences is missing: `groups.Results were`, but not `www.Site.org` or
    /// `gene.Name`.
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

    /// Returns whether the stop is outside addresses, paths and file names.
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
        // Digits before the stop may contain a decimal point: `0.001.Conclusions`.
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

    /// Returns whether the bracket around `position` closes within a limited distance. Unclosed brackets are ignored.
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
