/// Reads the words of a text as scikit-learn's text vectorisers do by default: runs of letters, digits and underscores
/// (`\w` of Python's `re`), lowercased. A sigma at the end of a word becomes σ, where Python has ς.
struct WordReader: Sendable {
    /// The fewest code points of a word.
    let shortest: Int

    /// Calls `body` with every word, in order.
    func forEachWord(of text: String, _ body: (String) -> Void) {
        var word: [UInt8] = []
        var length = 0
        func end() {
            if length >= shortest { body(String(decoding: word, as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
            length = 0
        }
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    word.append(byte)
                    length += 1
                case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    word.append(byte | 0x20)
                    length += 1
                default: end()
                }
                continue
            }
            for lowercase in scalar.properties.lowercaseMapping.unicodeScalars {
                if Self.isOfWord(lowercase) {
                    word.append(contentsOf: String(lowercase).utf8)
                    length += 1
                } else {
                    end()
                }
            }
        }
        end()
    }

    /// Python's `str.isalnum`, or an underscore.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "_" || scalar.properties.numericType != nil
        }
    }
}
