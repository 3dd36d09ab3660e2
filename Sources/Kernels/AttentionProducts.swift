/// How attention multiplies its float32 matrices.
public enum AttentionProducts: Sendable, CaseIterable {
    /// By ``PackedProduct``.
    case packed
    /// By OpenBLAS.
    case openBLAS
    /// By ``BFloat16Product``: Q, K, V, the probabilities and their gradients are rounded to bfloat16 on the way into a
    /// matrix multiplication; scores, softmax and sums stay float32.
    case bfloat16

    /// The faster of the two that multiply in float32.
    public static let fastest: AttentionProducts = PackedProduct.isFastest ? .packed : .openBLAS

    /// The products of a network whose other matrix multiplications round their operands to `precision` while it trains.
    public static func training(_ precision: ProductPrecision) -> AttentionProducts {
        precision == .bfloat16 && BFloat16Product.hasTiles ? .bfloat16 : .fastest
    }
}
