/// The precision to which the operands of the encoder's large matrix multiplications are rounded.
///
/// Weights in training, residuals, layer norms, softmax and heads are always float32.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
    /// No rounding.
    case float32
    /// Rounding to the nearest bfloat16, which has 8 significant bits; sums are float32 (Micikevicius et al. 2018, but
    /// with the range of bfloat16 instead of loss scaling).
    case bfloat16
    /// Weights of 8 bits, symmetric, with one scale per output channel. Activations of 8 bits over the range of each
    /// row, which is measured at run time. Sums are int32 (Jacob et al. 2018, with dynamic ranges). For inference only.
    case int8
}

extension ProductPrecision {
    /// The fastest precision for which this processor has instructions. Documentation/0005-precision.md describes its
    /// effect on accuracy.
    public static var fastest: ProductPrecision {
        [.int8, .bfloat16].first { NarrowProduct.isFast($0) } ?? .float32
    }

    /// Instruction set that the encoder's matrix multiplications use, or OpenBLAS.
    public var instructionSet: String {
        switch self {
        case .float32: PackedProduct.isFastest ? Arithmetic.instructionSet : Arithmetic.openBLAS
        case .bfloat16, .int8: NarrowProduct.instructionSet(self)
        }
    }
}
