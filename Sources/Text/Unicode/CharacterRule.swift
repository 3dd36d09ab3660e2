/// What becomes of one code point on its way into words: a kind in the high bits and what it needs in the low 21.
struct CharacterRule: Equatable, Sendable {
    struct Kind: Equatable, Sendable {
        let rawValue: UInt32

        /// Part of a word, shifted by the payload.
        ///
        /// Zero, so that a rule of zero leaves a code point as it is.
        static let letter = Kind(rawValue: 0)
        /// A word of its own, shifted by the payload: punctuation, Chinese characters.
        static let isolated = Kind(rawValue: 1)
        /// Between words.
        static let space = Kind(rawValue: 2)
        /// Dropped by cleaning, before anything else sees it.
        static let removed = Kind(rawValue: 3)
        /// Stripped accent that marks combine with: dropped, but canonical ordering stops at it.
        static let strippedStarter = Kind(rawValue: 4)
        /// Stripped accent that canonical ordering moves, by the rank of its class in the payload.
        static let strippedMark = Kind(rawValue: 5)
        /// A mark that canonical ordering moves, by the rank of its class in the payload, and stripping leaves.
        static let survivingMark = Kind(rawValue: 6)
        /// A starter whose decomposition ends in such marks, listed from the payload's index on.
        static let starterWithSurvivingMark = Kind(rawValue: 7)
        /// Several code points, listed from the payload's index on.
        static let expanded = Kind(rawValue: 8)
        /// A Hangul syllable, to be taken apart.
        static let hangulSyllable = Kind(rawValue: 9)
    }

    private static let payloadMask: UInt32 = 0x1F_FFFF
    let rawValue: UInt32

    @inline(__always)
    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(_ kind: Kind, payload: UInt32 = 0) {
        rawValue = kind.rawValue << 24 | payload & Self.payloadMask
    }

    /// The rule that turns `source` into `target`.
    ///
    /// It holds the difference, so that code points with the same shift share a rule and their pages a page.
    init(_ kind: Kind, from source: UInt32, to target: UInt32) {
        self.init(kind, payload: target &- source)
    }

    var kind: Kind {
        @inline(__always) get { Kind(rawValue: rawValue >> 24) }
    }

    var payload: UInt32 {
        @inline(__always) get { rawValue & Self.payloadMask }
    }

    var isStripped: Bool { kind == .strippedStarter || kind == .strippedMark }

    /// What `codePoint` is turned into, where the payload is a shift.
    @inline(__always)
    func target(of codePoint: UInt32) -> UInt32 {
        (codePoint &+ rawValue) & Self.payloadMask
    }
}
