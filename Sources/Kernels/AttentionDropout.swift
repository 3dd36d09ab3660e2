internal import CKernels

extension Dropout {
    /// What attention multiplies a probability by: that of `key` for `query`, both counted from the window's start, in
    /// head `head` of `heads` in window `window`, which is `length` long.
    package func attentionFactor(window: Int, head: Int, heads: Int, length: Int, query: Int, key: Int) -> Float {
        part(window * heads + head).factor(at: query * AttentionShape.scoreStride(length: length) + key)
    }

    /// A mask of its own for part `part` of the batch: another of SplitMix64's sequence (Steele, Lea & Flood 2014).
    func part(_ part: Int) -> Dropout {
        Dropout(
            probability: probability, key: key &+ (UInt64(truncatingIfNeeded: part) &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// What element `index` is multiplied by, written down once more in scalars: what the vector kernels are tested
    /// against.
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
