/// The class that the sentence segmenter assigns to a code point.
enum ScalarKind {
    case upper, lower, uncased
    case digit, superscript
    case whitespace, lineBreak
    case opening, closing
    /// `"` and `'`, which are the same for opening and closing.
    case quote
    /// A stop: a mark that can end a sentence, such as `.`, `!`, `?` or `…`.
    case terminator
    case dash, bullet
    case other

    var isLetter: Bool { self == .lower || self == .upper || self == .uncased }
    var isWordPart: Bool { isLetter || self == .digit }
    var isBlank: Bool { self == .whitespace || self == .lineBreak }
}

extension Unicode.Scalar {
    var kind: ScalarKind {
        switch value {
        case 0x61...0x7A: .lower
        case 0x20, 0x09: .whitespace
        case 0x41...0x5A: .upper
        case 0x30...0x39: .digit
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: .lineBreak
        case 0x2E, 0x21, 0x3F, 0x2026: .terminator
        case 0x28, 0x5B, 0x7B: .opening
        case 0x29, 0x5D, 0x7D: .closing
        case 0x22, 0x27: .quote
        case 0x2D: .dash
        case 0x2A: .bullet
        case 0..<0x80: .other
        default: isIdeographicStop ? .terminator : kindByCategory
        }
    }

    /// Whether this is a full-width or other stop that needs no whitespace after it.
    var isIdeographicStop: Bool {
        switch value {
        case 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61, 0x0964, 0x061F, 0x06D4, 0x203C, 0x2047...0x2049: true
        default: false
        }
    }

    private var kindByCategory: ScalarKind {
        switch value {
        case 0x2022, 0x2023, 0x2043, 0x2219, 0x25A0, 0x25AA, 0x25B6, 0x25BA, 0x25C6, 0x25CB, 0x25CF, 0x2666:
            return .bullet
        case 0x00AA, 0x00BA: return .other
        default: break
        }
        switch properties.generalCategory {
        case .lowercaseLetter: return .lower
        case .uppercaseLetter, .titlecaseLetter: return .upper
        case .otherLetter, .modifierLetter: return .uncased
        // A combining mark continues the word that contains it.
        case .nonspacingMark, .spacingMark, .enclosingMark: return .lower
        case .decimalNumber: return .digit
        case .otherNumber: return .superscript
        case .spaceSeparator: return .whitespace
        case .openPunctuation, .initialPunctuation: return .opening
        case .closePunctuation, .finalPunctuation: return .closing
        case .dashPunctuation: return .dash
        default: return .other
        }
    }
}
