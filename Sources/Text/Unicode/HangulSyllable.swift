/// Arithmetic decomposition of Hangul syllables (The Unicode Standard, section 3.12).
enum HangulSyllable {
    static let first: UInt32 = 0xAC00
    static let last: UInt32 = 0xD7A3

    /// Returns the leading consonant, the vowel and the trailing consonant, which is `nil` if the syllable has none.
    static func jamo(of syllable: UInt32) -> (leading: UInt32, vowel: UInt32, trailing: UInt32?) {
        let index = syllable - first
        let trailing = index % 28
        return (0x1100 + index / 588, 0x1161 + index % 588 / 28, trailing == 0 ? nil : 0x11A7 + trailing)
    }
}
