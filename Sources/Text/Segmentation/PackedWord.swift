/// A word of at most 16 ASCII letters in one integer, case folded: a key for look-ups that makes no string.
struct PackedWord: Hashable {
    private let bits: UInt128

    /// Fails for a word that is empty, too long, or has anything but ASCII letters.
    init?(_ word: some Collection<Unicode.Scalar>) {
        var bits: UInt128 = 0
        var count = 0
        for scalar in word {
            let folded = scalar.value | 0x20
            guard count < 16, scalar.isASCII, 0x61...0x7A ~= folded else { return nil }
            bits = bits << 8 | UInt128(folded)
            count += 1
        }
        guard count > 0 else { return nil }
        self.bits = bits
    }

    /// The words of a list separated by whitespace.
    static func words(_ list: String) -> Set<PackedWord> {
        Set(list.split(whereSeparator: \.isWhitespace).compactMap { PackedWord($0.unicodeScalars) })
    }
}
