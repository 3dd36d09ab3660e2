/// A heading found in the text, and the position of the text below it.
struct FoundHeading {
    var heading: Heading
    /// The index of the first code point of the text below the heading.
    var bodyStart: Int
}

/// Recognises inline headings at positions where a sentence may begin.
struct HeadingRecogniser {
    let reader: ScalarReader

    private static let longestHeading = 90

    /// Returns the heading that begins at `start`, after an optional bullet or number, or `nil` if there is none.
    ///
    /// Any listed heading counts if a colon follows. A heading that ends with a full stop, a dash, a line break or no
    /// mark at all also needs following text that looks like the beginning of a sentence. `opensLine` says whether only
    /// whitespace precedes `start` on its line.
    func heading(at start: Int, opensLine: Bool) -> FoundHeading? {
        let first = reader.skipListMarker(from: start)
        guard reader.kind(at: first) == .upper, let word = reader.packed(reader.word(startingAt: first)),
            HeadingLexicon.opensHeading(word)
        else { return nil }

        var end = first
        var position = first
        let limit = min(reader.count, first + Self.longestHeading)
        while position < limit {
            let scalar = reader.scalars[position]
            switch scalar.kind {
            case .upper, .lower, .closing, .quote:
                position += 1
                end = position
            case .opening where isPluralMark(at: position):
                position += 3
                end = position
            case .whitespace:
                let next = position + 1
                if opensText(first..<end, at: next), let roles = roles(first..<end) {
                    return found(first..<end, roles, textFrom: next)
                }
                position = next
            case .dash where scalar == "-" && !reader.kind(at: position + 1).isBlank:
                position += 1
            case .dash:
                return closed(first..<end, byDashAt: position)
            case .terminator where scalar == ".":
                return closed(first..<end, byStopAt: position)
            case .lineBreak:
                return opensLine ? closed(first..<end, byLineBreakAt: position) : nil
            case .other where scalar == ":" || scalar == "：":
                return roles(first..<end).map { found(first..<end, $0, textFrom: afterColon(position + 1)) }
            case .other where scalar == "/" || scalar == "," || scalar == "&":
                position += 1
            default:
                return nil
            }
        }
        // The rest of the text is a heading and nothing else.
        guard position == reader.count, opensLine else { return nil }
        return roles(first..<end).map { found(first..<end, $0, textFrom: position) }
    }

    // MARK: - Text after a heading

    private func closed(_ words: Range<Int>, byStopAt stop: Int) -> FoundHeading? {
        let text = reader.skipBlanks(from: stop + 1).end
        let next = reader.kind(at: text)
        let isApart = text > stop + 1
        guard next == .upper || isApart && (next == .digit || next == .opening || reader.isUppercaseWords(words)),
            let roles = roles(words)
        else { return nil }
        return found(words, roles, textFrom: text)
    }

    private func closed(_ words: Range<Int>, byDashAt dash: Int) -> FoundHeading? {
        let text = reader.skipBlanks(from: dash + 1).end
        let next = reader.kind(at: text)
        guard next == .upper || next == .digit || reader.isUppercaseWords(words), let roles = roles(words) else {
            return nil
        }
        return found(words, roles, textFrom: text)
    }

    private func closed(_ words: Range<Int>, byLineBreakAt lineBreak: Int) -> FoundHeading? {
        let text = reader.skipBlanks(from: lineBreak).end
        let next = reader.kind(at: text)
        guard next != .lower || reader.isUppercaseWords(words), let roles = roles(words) else { return nil }
        return found(words, roles, textFrom: text)
    }

    /// Returns whether a heading without any mark after it can end before `next`: `METHODS Thirty patients`,
    /// `Objective To find`.
    private func opensText(_ words: Range<Int>, at next: Int) -> Bool {
        let kind = reader.kind(at: next)
        // `CASE 1`, `Patient A showed`: a name, not a heading.
        if kind == .digit || reader.word(startingAt: next).count == 1,
            let last = reader.packed(reader.word(endingAt: words.upperBound)),
            SentenceOpeners.letterTakers.contains(last)
        {
            return false
        }
        if kind == .digit { return reader.isUppercaseWords(words) && words.count >= 4 }
        guard kind == .upper else { return false }
        let word = reader.word(startingAt: next)
        let isFunctionWord =
            reader.isCapitalised(word) || word.count == 1
            ? reader.packed(word).map(SentenceOpeners.functionWords.contains) ?? false : false
        if reader.isUppercaseWords(words) {
            return words.count >= 4 && (reader.isCapitalised(word) || isFunctionWord)
        }
        // `Summary Of Findings` is a title: a sentence would continue in lower case.
        let second = reader.kind(at: word.upperBound + 1)
        return isFunctionWord && reader.kind(at: word.upperBound) == .whitespace
            && (second == .lower || second == .digit)
    }

    private func found(_ words: Range<Int>, _ roles: [Role], textFrom text: Int) -> FoundHeading {
        FoundHeading(heading: Heading(range: words, roles: roles), bodyStart: reader.skipBlanks(from: text).end)
    }

    /// Returns the position after the colon and any second colon or dash: some journals write `RESULTS:- Thirty` or
    /// `RESULTS:: Thirty`.
    private func afterColon(_ colon: Int) -> Int {
        let position = reader.scalar(at: colon) == ":" ? colon + 1 : colon
        let isDash = reader.kind(at: position) == .dash && reader.kind(at: position + 1).isBlank
        return isDash ? position + 1 : position
    }

    /// Returns whether `(s)` or `(S)` is at `position`.
    private func isPluralMark(at position: Int) -> Bool {
        guard let letter = reader.scalar(at: position + 1) else { return false }
        return reader.scalar(at: position) == "(" && letter.value | 0x20 == 0x73
            && reader.scalar(at: position + 2) == ")"
    }

    // MARK: - Look-up

    /// Returns the labels of the heading in the range `words`, or `nil` if it is not a known heading.
    func roles(_ words: Range<Int>) -> [Role]? {
        guard !words.isEmpty else { return nil }
        let roles = HeadingLexicon.roles(of: normalised(words))
        return roles.isEmpty ? nil : roles
    }

    /// Returns the heading in lower case with single spaces, also around each separator, and with `s` for `(s)`.
    private func normalised(_ words: Range<Int>) -> String {
        var result = String.UnicodeScalarView()
        func space() {
            if let last = result.last, last != " " { result.append(" ") }
        }
        for scalar in reader.scalars[words] {
            switch scalar {
            case "(", ")": break
            case "’": result.append("'")
            case "/", ",", "&":
                space()
                result.append(scalar)
                space()
            case _ where scalar.kind == .whitespace: space()
            case "A"..."Z": result.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value | 0x20)))
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
