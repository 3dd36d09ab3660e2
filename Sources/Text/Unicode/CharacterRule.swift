/// How one code point is normalised: a kind in the high bits and the kind's payload in the low 21 bits.
struct CharacterRule: Equatable, Sendable {
    struct Kind: Equatable, Sendable {
        let rawValue: UInt32

        /// Part of a word, shifted by the payload.
        ///
        /// The value is zero, so that a rule of zero leaves a code point unchanged.
        static let letter = Kind(rawValue: 0)
        /// A word of its own, shifted by the payload: punctuation and Chinese characters.
        static let isolated = Kind(rawValue: 1)
        /// A separator between words.
        static let space = Kind(rawValue: 2)
        /// Removed by cleaning, before any other step.
        static let removed = Kind(rawValue: 3)
        /// A stripped accent that is a starter: it is removed, but canonical ordering does not move marks across it.
        static let strippedStarter = Kind(rawValue: 4)
        /// A stripped accent that canonical ordering moves. The payload is the rank of its combining class.
        static let strippedMark = Kind(rawValue: 5)
        /// A mark that canonical ordering moves and accent stripping keeps. The payload is the rank of its combining
        /// class.
        static let survivingMark = Kind(rawValue: 6)
        /// A starter whose decomposition ends in marks that accent stripping keeps. The payload is the index of its
        /// expansion.
        static let starterWithSurvivingMark = Kind(rawValue: 7)
        /// A code point that becomes several. The payload is the index of its expansion.
        static let expanded = Kind(rawValue: 8)
        /// A Hangul syllable, to be decomposed into its jamo.
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

    /// Creates a rule that turns `source` into `target`.
    ///
    /// The payload is the difference, so that code points with the same shift have equal rules and their table pages
    /// can be shared.
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

    /// Returns the code point that `codePoint` becomes. Valid only for kinds whose payload is a shift.
    @inline(__always)
    func target(of codePoint: UInt32) -> UInt32 {
        (codePoint &+ rawValue) & Self.payloadMask
    }
}
