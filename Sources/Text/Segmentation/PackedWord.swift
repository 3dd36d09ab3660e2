/// A word of 1 to 16 ASCII letters, case-folded and packed into one integer: a look-up key that needs no string.
struct PackedWord: Hashable {
    private let bits: UInt128

    /// Packs `word`, or returns `nil` if it is empty, too long or contains anything but ASCII letters.
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

    /// Returns the words of a whitespace-separated list.
    static func words(_ list: String) -> Set<PackedWord> {
        Set(list.split(whereSeparator: \.isWhitespace).compactMap { PackedWord($0.unicodeScalars) })
    }
}
