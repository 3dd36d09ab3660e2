/// SplitMix64 (Steele, Lea & Flood 2014): the same numbers from the same seed, everywhere.
///
/// Everything random in a run draws from a generator made from the recipe's seed, a purpose and a place such as the
/// epoch or the step. So no generator outlives the place it was made for, and a run that is resumed needs to know only
/// how far it had come.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    /// What random numbers are drawn for.
    public enum Purpose: UInt64, Sendable {
        case head = 1
        case sample, development, order, augmentation, packing, maskedPieces, dropout, bootstrap, search, repetition
    }

    private var state: UInt64

    /// A generator whose sequence `seed` decides.
    public init(seed: UInt64) {
        state = seed
    }

    /// The generator for one purpose at one place of a run.
    ///
    /// - Parameters:
    ///   - seed: The run's.
    ///   - purpose: What the numbers are for.
    ///   - place: Such as an epoch and an item.
    ///   - copy: Which repetition at that place, from 0.
    public init(seed: UInt64, _ purpose: Purpose, _ place: Int..., copy: Int = 0) {
        state = seed
        let repetition = copy > 0 ? [copy] : []
        for index in [purpose.rawValue] + (place + repetition).map({ UInt64(bitPattern: Int64($0)) }) {
            state = next() ^ (index &* 0xD6E8_FEB8_6659_FD93)
        }
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Draws whether something of the given probability happens.
    package mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &self) < probability
    }
}
