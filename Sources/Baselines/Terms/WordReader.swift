/// Splits text into words as scikit-learn's text vectorizers do by default: lowercased runs of letters, digits and
/// underscores (`\w` in Python's `re`). One difference: a sigma at the end of a word becomes σ, in Python ς.
struct WordReader: Sendable {
    /// The smallest number of code points in a word; shorter words are skipped.
    let shortest: Int

    /// Calls `body` with each word in order.
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

    /// Returns whether a character belongs to a word: Python's `str.isalnum`, or an underscore.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "_" || scalar.properties.numericType != nil
        }
    }
}
