/// The SplitMix64 generator (Steele, Lea & Flood 2014), which gives the same numbers for the same seed on every
/// platform.
///
/// Everything random in a run uses a generator made from the recipe's seed, a purpose and a place such as the epoch or
/// step. No generator outlives its place, so a resumed run needs to know only its progress.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    /// The purpose of random numbers.
    public enum Purpose: UInt64, Sendable {
        case head = 1
        case sample, development, order, augmentation, packing, maskedPieces, dropout, bootstrap, search, repetition
    }

    private var state: UInt64

    /// Creates a generator from a seed.
    public init(seed: UInt64) {
        state = seed
    }

    /// Creates the generator for one purpose at one place of a run.
    ///
    /// - Parameters:
    ///   - seed: The seed of the run.
    ///   - purpose: The purpose of the numbers.
    ///   - place: The place in the run, such as an epoch and an item.
    ///   - copy: The repetition at that place, from 0.
    public init(seed: UInt64, _ purpose: Purpose, _ place: Int..., copy: Int = 0) {
        state = seed
        let repetition = copy > 0 ? [copy] : []
        for index in [purpose.rawValue] + (place + repetition).map({ UInt64(bitPattern: Int64($0)) }) {
            state = next() ^ (index &* 0xD6E8_FEB8_6659_FD93)
        }
    }

    /// Returns the next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Returns `true` with the given probability.
    package mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &self) < probability
    }
}
