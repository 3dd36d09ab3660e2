/// The kind of text that follows a stop and whitespace.
enum Opening {
    case capital(Range<Int>)
    case numeral
    /// A name that starts with a lower-case letter even at the beginning of a sentence: `p53`, `mTOR`, `α-synuclein`,
    /// `miR-21`.
    case name
    case lower(Range<Int>)
    /// A symbol that may begin a sentence, such as `©` or `$`.
    case sign
    /// A symbol that continues a sentence: `,`, `=`, `<`.
    case mark

    init(reader: ScalarReader, at position: Int) {
        var index = reader.skipListMarker(from: position)
        // Skip quotes, brackets and bullets before the first word.
        let limit = index + 5
        while index < limit {
            let kind = reader.kind(at: index)
            let isBullet = (kind == .bullet || kind == .dash) && reader.kind(at: index + 1).isBlank
            guard kind == .opening || kind == .quote || isBullet else { break }
            index = isBullet ? reader.skipBlanks(from: index + 1).end : index + 1
        }
        let word = reader.word(startingAt: index)
        switch reader.kind(at: index) {
        case .upper, .uncased: self = .capital(word)
        case .digit: self = .numeral
        case .lower: self = Self.isName(reader, from: index) ? .name : .lower(word)
        case .bullet: self = .sign
        case .other: self = Self.goesOn(reader.scalars[index]) ? .mark : .sign
        default: self = .mark
        }
    }

    var isSentenceLike: Bool {
        switch self {
        case .capital, .numeral, .name, .sign: true
        case .lower, .mark: false
        }
    }

    private static func goesOn(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ",", ";", ":", "=", "<", ">", "%", "/", "+", "&", "|", "~", "≤", "≥", "±", "×", "·", "→", "←", "−", "^":
            true
        default: scalar.properties.generalCategory == .control
        }
    }

    private static func isName(_ reader: ScalarReader, from start: Int) -> Bool {
        let first = reader.scalars[start]
        if 0x370...0x3FF ~= first.value { return true }
        if reader.kind(at: start + 1) == .dash, reader.kind(at: start + 2).isWordPart { return true }
        var index = start + 1
        var found = false
        while index < reader.count, index - start < ScalarReader.longestWord {
            let kind = reader.scalars[index].kind
            guard kind.isWordPart || kind == .dash else { break }
            if kind == .upper || kind == .digit { found = true }
            index += 1
        }
        // `n=30` and `p=0.03` continue the sentence.
        return found && reader.scalar(at: index) != "="
    }
}
