/// The implementation of float32 matrix multiplications.
public enum GemmBackend: Sendable, CaseIterable {
    /// ``PackedProduct``.
    case packed
    /// OpenBLAS.
    case openBLAS

    /// The faster one on this processor.
    public static let fastest: GemmBackend = PackedProduct.isFastest ? .packed : .openBLAS
}
