internal import CKernels

extension Dropout {
    /// Returns the factor by which attention multiplies one probability: 0 or 1 / (1 - dropout probability).
    ///
    /// - Parameters:
    ///   - window: Index of the window.
    ///   - head: Index of the head.
    ///   - heads: Number of heads.
    ///   - length: Length of the window.
    ///   - query: Row of the query, counted from the start of the window.
    ///   - key: Row of the key, counted from the start of the window.
    /// - Returns: The factor.
    package func attentionFactor(window: Int, head: Int, heads: Int, length: Int, query: Int, key: Int) -> Float {
        part(window * heads + head).factor(at: query * AttentionShape.scoreStride(length: length) + key)
    }

    /// Returns the mask of one part of the batch, with the key that SplitMix64 (Steele, Lea & Flood 2014) has at that
    /// place of its sequence.
    func part(_ part: Int) -> Dropout {
        Dropout(
            probability: probability, key: key &+ (UInt64(truncatingIfNeeded: part) &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Returns the factor of element `index`. This scalar version is what the vector kernels are tested against.
    package func factor(at index: Int) -> Float {
        let parameters = parameters
        var hash = UInt32(truncatingIfNeeded: index) &+ parameters.key_low
        hash ^= hash >> 16
        hash &*= 0x85EB_CA6B
        hash ^= parameters.key_high
        hash ^= hash >> 13
        hash &*= 0xC2B2_AE35
        return hash >> 8 >= UInt32(parameters.threshold) ? parameters.scale : 0
    }
}
