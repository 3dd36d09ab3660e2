internal import CKernels

/// A dropout mask (Srivastava et al. 2014): which elements of a matrix are kept, and the factor of the kept ones.
///
/// Element i, in row-major order, is kept if a hash of i and the key is at least the probability. The mask is not
/// stored: the backward pass computes it again, and it is the same on every instruction set.
public struct Dropout: Sendable, Equatable {
    /// Probability that an element is dropped, in 0 ..< 1.
    public let probability: Float
    /// Key of the mask; use a new one for every pass and place.
    public let key: UInt64

    /// Creates a mask that multiplies kept elements by 1 / (1 - probability).
    ///
    /// - Parameters:
    ///   - probability: Probability that an element is dropped, in 0 ..< 1.
    ///   - key: Key of the mask.
    public init(probability: Float, key: UInt64) {
        precondition(
            probability >= 0 && probability < 1,
            "dropout probability is \(probability); expected a number from 0 to below 1")
        self.probability = probability
        self.key = key
    }

    /// The mask that keeps every element.
    public static let none = Dropout(probability: 0, key: 0)

    /// The mask in the form that the kernels take. The finaliser of SplitMix64 makes the masks of similar keys
    /// unrelated.
    var parameters: ck_dropout {
        var mixed = (key ^ (key >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return ck_dropout(
            key_low: UInt32(truncatingIfNeeded: mixed), key_high: UInt32(truncatingIfNeeded: mixed >> 32),
            threshold: Int32((probability * 0x1p24).rounded()), scale: 1 / (1 - probability))
    }
}

/// Applies dropout in place: to values in the forward pass, to their gradient in the backward pass.
///
/// - Parameters:
///   - x: A matrix of any shape.
///   - dropout: The mask; use the same one in both passes.
///   - team: Threads that share the work.
public func dropOut(_ x: inout Matrix, _ dropout: Dropout, team: ThreadTeam) {
    guard dropout.probability > 0 else { return }
    let (values, kernels, parameters) = unsafe (x.base, Arithmetic.kernels, dropout.parameters)
    team.forEachBlock(of: x.rows * x.columns, step: elementsAtATime) { elements, _ in
        unsafe kernels.drop_out(values + elements.lowerBound, elements.count, elements.lowerBound, parameters)
    }
}
