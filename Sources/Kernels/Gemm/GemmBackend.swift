/// The implementation of matrix multiplications in training, and of attention's in float32.
public enum GemmBackend: Sendable {
    /// ``PackedProduct``.
    case packed
    /// OpenBLAS.
    case openBLAS
    /// ``BFloat16Product``: both operands are rounded to bfloat16 before each multiplication; sums are float32.
    case bfloat16

    /// The implementations that multiply in float32.
    public static let float32: [GemmBackend] = [.packed, .openBLAS]

    /// The faster of `.packed` and `.openBLAS` on this processor.
    public static let fastest: GemmBackend = PackedProduct.isFastest ? .packed : .openBLAS

    /// Returns the implementation for the linear layers of a network that is trained with `precision`.
    public static func linear(_ precision: ProductPrecision) -> GemmBackend {
        precision == .float32 ? .fastest : .bfloat16
    }

    /// Returns the implementation for the attention of a network that is trained with `precision`: bfloat16 only
    /// where the processor has AMX.
    public static func attention(_ precision: ProductPrecision) -> GemmBackend {
        precision == .bfloat16 && BFloat16Product.hasTiles ? .bfloat16 : .fastest
    }
}
