internal import CKernels

/// Dropout (Srivastava et al. 2014): which elements of a matrix survive, and by what these are multiplied.
///
/// Element i, counted row after row, survives where a hash of i and the key is at least the probability, so that no
/// mask is stored: backward decides again, and alike on every instruction set.
public struct Dropout: Sendable, Equatable {
    /// The share that is dropped, in 0 ..< 1.
    public let probability: Float
    /// What decides which; a new one for every pass and place.
    public let key: UInt64

    /// Drops each element with `probability`; survivors are multiplied by 1 / (1 - probability).
    public init(probability: Float, key: UInt64) {
        precondition(probability >= 0 && probability < 1, "a dropout probability of \(probability) is not in 0 ..< 1")
        self.probability = probability
        self.key = key
    }

    /// Keeps everything as it is.
    public static let none = Dropout(probability: 0, key: 0)

    /// As the kernels take it. Neighbouring keys come out unrelated (the finaliser of SplitMix64).
    var parameters: ck_dropout {
        var mixed = (key ^ (key >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return ck_dropout(
            key_low: UInt32(truncatingIfNeeded: mixed), key_high: UInt32(truncatingIfNeeded: mixed >> 32),
            threshold: Int32((probability * 0x1p24).rounded()), scale: 1 / (1 - probability))
    }
}

/// x = dropout(x): forward on values, and backward on their gradient.
///
/// - Parameters:
///   - x: Any shape.
///   - dropout: The same for both directions.
///   - team: Shares out the elements.
public func dropOut(_ x: inout Matrix, _ dropout: Dropout, team: ThreadTeam) {
    guard dropout.probability > 0 else { return }
    let (values, kernels, parameters) = unsafe (x.base, Arithmetic.kernels, dropout.parameters)
    team.forEachBlock(of: x.rows * x.columns, step: elementsAtATime) { elements, _ in
        unsafe kernels.drop_out(values + elements.lowerBound, elements.count, elements.lowerBound, parameters)
    }
}
