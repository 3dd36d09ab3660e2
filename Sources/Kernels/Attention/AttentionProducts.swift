/// The implementation of attention's float32 matrix multiplications.
public enum AttentionProducts: Sendable, CaseIterable {
    /// ``PackedProduct``.
    case packed
    /// OpenBLAS.
    case openBLAS
    /// ``BFloat16Product``: Q, K, V, the probabilities and their gradients are rounded to bfloat16 before each matrix
    /// multiplication; scores, softmax and sums stay float32.
    case bfloat16

    /// The faster of `.packed` and `.openBLAS` on this processor.
    public static let fastest: AttentionProducts = PackedProduct.isFastest ? .packed : .openBLAS

    /// Returns the implementation for training a network whose other matrix multiplications have `precision`.
    public static func training(_ precision: ProductPrecision) -> AttentionProducts {
        precision == .bfloat16 && BFloat16Product.hasTiles ? .bfloat16 : .fastest
    }
}
