extension WordPieceTokenizer {
    /// Tokenises the text in one pass and sends the tokens of each word to `sink` when the word ends.
    func encode(_ text: Span<Unicode.Scalar>, into sink: inout some PieceSink) {
        var word = WordBuffer()
        var index = 0
        while index < text.count, !sink.isCut {
            let codePoint = text[index].value
            if codePoint == SpecialTokens.opening, let token = specialTokens.match(in: text, at: index) {
                word.finish(with: model, into: &sink)
                sink.append(token.id, from: index, to: index + token.length)
                index += token.length
                continue
            }
            let rule = rules[codePoint]
            switch rule.kind {
            case .letter:
                word.append(rule.target(of: codePoint), at: index)
            case .space:
                word.finish(with: model, into: &sink)
            case .strippedMark, .survivingMark, .starterWithSurvivingMark:
                index = appendMarks(of: text, at: index, to: &word, into: &sink)
                continue
            default:
                append(codePoint, rule, at: index, to: &word, into: &sink)
            }
            index += 1
        }
        word.finish(with: model, into: &sink)
    }

    /// Adds the normalised form of a code point that is not a mark.
    private func append(
        _ codePoint: UInt32, _ rule: CharacterRule, at place: Int, to word: inout WordBuffer,
        into sink: inout some PieceSink
    ) {
        switch rule.kind {
        case .letter:
            word.append(rule.target(of: codePoint), at: place)
        case .isolated:
            word.finish(with: model, into: &sink)
            word.append(rule.target(of: codePoint), at: place)
            word.finish(with: model, into: &sink)
        case .expanded:
            for part in rules.expansion(at: rule.payload) {
                append(part, rules[part], at: place, to: &word, into: &sink)
            }
        case .hangulSyllable:
            let jamo = HangulSyllable.jamo(of: codePoint)
            word.append(jamo.leading, at: place)
            word.append(jamo.vowel, at: place)
            if let trailing = jamo.trailing { word.append(trailing, at: place) }
        case .survivingMark:
            word.append(codePoint, at: place)
        default:
            break
        }
    }

    /// Adds the normalised form of the marks that start at `start`, and returns the position after them.
    private func appendMarks(
        of text: Span<Unicode.Scalar>, at start: Int, to word: inout WordBuffer, into sink: inout some PieceSink
    ) -> Int {
        var end = start
        while end < text.count, case let kind = rules[text[end].value].kind, kind == .strippedMark || kind == .removed {
            end += 1
        }
        let first = text[start].value
        guard end == start || (end < text.count && rules[text[end].value].kind == .survivingMark) else { return end }

        var run = CanonicalRun()
        var index = start
        if rules[first].kind == .starterWithSurvivingMark {
            let parts = rules.expansion(at: rules[first].payload)
            for starter in parts.prefix(1) { append(starter, rules[starter], at: start, to: &word, into: &sink) }
            for mark in parts.dropFirst() { run.append(mark, rule: rules[mark], at: start, inserted: true) }
            index += 1
        }
        marks: while index < text.count {
            let rule = rules[text[index].value]
            switch rule.kind {
            case .strippedMark, .survivingMark: run.append(text[index].value, rule: rule, at: index)
            case .removed: break
            default: break marks
            }
            index += 1
        }
        run.forEachSurvivor(after: start) { word.append($0, at: $1) }
        return index
    }
}
