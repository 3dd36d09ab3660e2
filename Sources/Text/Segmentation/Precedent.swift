/// The kind of text that precedes a stop.
enum Precedent: Equatable {
    /// A word, bracket or symbol that can end a sentence.
    case ordinary
    /// Ordinary text that is certainly not an abbreviation, so that the next sentence may even start in lower case.
    case certain
    case number
    /// A number that may continue after the stop: `P < 0. 05`, `two parts: 1. the head; 2. the tail`.
    case openNumber
    /// A list marker at the beginning of the sentence: `1.`, `a.` or `II.`
    case listMarker
    case abbreviation(Abbreviation, followsNumber: Bool)
    /// The last letter of a dotted abbreviation: `U.S.`, `i.v.`, `b.i.d.`
    case dotted
    /// A single capital that may abbreviate a name.
    case initial
    /// A single letter that is a name or unit in itself: `group A`, `24 h`.
    case letter
    /// A single lower-case letter, which may abbreviate a word before a number: `c. 1500`.
    case smallLetter
    case ellipsis

    var isOrdinary: Bool { self == .ordinary || self == .certain }

    init(reader: ScalarReader, stop: Int, sentence: OpenSentence) {
        let last = reader.kind(at: stop - 1)
        if last == .digit {
            self = Self.number(reader, stop, sentence)
        } else if last.isLetter {
            let word = reader.word(endingAt: stop)
            self = word.count == 1 ? Self.letter(reader, word, sentence) : Self.word(reader, word, sentence)
        } else {
            self = last == .closing ? .certain : .ordinary
        }
    }

    private static func number(_ reader: ScalarReader, _ stop: Int, _ sentence: OpenSentence) -> Precedent {
        var start = stop
        while start > sentence.start, stop - start < 3, reader.kind(at: start - 1) == .digit { start -= 1 }
        // Directly after a heading, a longer number is a count: `PATIENTS: 30. All came.`
        let longestMarker = sentence.bodyStart == sentence.start ? 2 : 1
        if start == sentence.bodyStart, stop - start <= longestMarker { return .listMarker }
        if stop - start < 3, isListBreak(reader.scalar(at: start - 2)) { return .openNumber }
        guard stop - start == 1, reader.scalar(at: start) == "0" else { return .number }
        let sign = reader.kind(at: start - 1) == .whitespace ? start - 2 : start - 1
        switch reader.scalar(at: sign) {
        case "=", "<", ">", "≤", "≥": return .openNumber
        default: return .number
        }
    }

    private static func isListBreak(_ scalar: Unicode.Scalar?) -> Bool { scalar == ";" || scalar == ":" }

    private static func word(_ reader: ScalarReader, _ word: Range<Int>, _ sentence: OpenSentence) -> Precedent {
        let before = reader.kind(at: word.lowerBound - 1)
        let isSmall = reader.scalars[word].allSatisfy { $0.kind == .lower }
        if word.lowerBound == sentence.bodyStart, word.count < 5,
            reader.scalars[word].allSatisfy({ $0 == "I" || $0 == "V" || $0 == "X" })
        {
            return .listMarker
        }
        if let packed = reader.packed(word), before != .quote,
            let abbreviation = Abbreviation.of(
                packed, isSmall ? .small : reader.isCapitalised(word) ? .capitalised : .capitals)
        {
            let number = reader.kind(at: word.lowerBound - 1) == .whitespace ? word.lowerBound - 2 : word.lowerBound - 1
            return .abbreviation(
                abbreviation, followsNumber: reader.kind(at: number) == .digit || reader.scalar(at: number) == "/")
        }
        // `Ph.D.`, `M.Sc.`
        if reader.scalar(at: word.lowerBound - 1) == ".", word.count < 4, reader.kind(at: word.lowerBound - 2).isLetter
        {
            return .dotted
        }
        let isAcronym = word.count > 2 && reader.scalars[word].allSatisfy { $0.kind == .upper }
        return isSmall && (word.count > 3 || before == .dash) || isAcronym ? .certain : .ordinary
    }

    private static func letter(_ reader: ScalarReader, _ letter: Range<Int>, _ sentence: OpenSentence) -> Precedent {
        let index = letter.lowerBound
        if index == sentence.bodyStart {
            // `A. Patients` is a list item and `E. coli` a genus; neither full stop ends a sentence.
            return .listMarker
        }
        let isCapital = reader.scalars[index].kind == .upper
        guard index > 0, reader.scalars[index].isASCII else { return .letter }
        let before = reader.scalars[index - 1]
        if before == ".", reader.kind(at: index - 2).isLetter { return .dotted }
        guard before.kind.isBlank || before.kind == .opening || before.kind == .quote && index > 1 else {
            return before.kind == .dash && reader.scalar(at: index - 2) == "." ? .initial : .letter
        }
        guard before.kind.isBlank else { return isCapital ? .initial : .letter }

        let previousEnd = index - 1
        let previous = reader.kind(at: previousEnd - 1)
        if !isCapital {
            // `24 h` contains a unit, `c. 1500` and `p. 12` an abbreviation.
            return previous == .terminator ? .initial : previous == .digit ? .letter : .smallLetter
        }
        if previous == .digit { return isUnit(reader.scalars[index]) ? .letter : .initial }
        // `c.609G > A`, `1.5% L`: a letter after a symbol is not an initial.
        if previous == .other, reader.scalar(at: previousEnd - 1) != ",", reader.scalar(at: previousEnd - 1) != ";" {
            return .letter
        }
        let noun = reader.word(endingAt: previousEnd)
        guard let packed = reader.packed(noun) else { return .initial }
        if SentenceOpeners.letterTakers.contains(packed) { return .letter }
        return joinsLetters(reader, noun, packed) ? .letter : .initial
    }

    /// Returns whether `word` connects the letter to another single letter, as in `groups A and B`.
    private static func joinsLetters(_ reader: ScalarReader, _ word: Range<Int>, _ packed: PackedWord) -> Bool {
        guard joiners.contains(packed), reader.kind(at: word.lowerBound - 1).isBlank else { return false }
        let comma = reader.scalar(at: word.lowerBound - 2) == ","
        let first = reader.word(endingAt: word.lowerBound - (comma ? 2 : 1))
        return first.count == 1 && reader.kind(at: first.lowerBound) == .upper
    }

    private static let joiners = PackedWord.words("and or versus vs to than with from")

    /// Returns whether the letter is a unit that is written as a capital: `37 C`, `0.5 M`.
    private static func isUnit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "C", "F", "M", "K", "L", "N", "V", "W", "J", "T": true
        default: false
        }
    }
}
