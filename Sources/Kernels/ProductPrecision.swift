/// What the operands of the encoder's large products are rounded to. Weights while they learn, residuals, layer norms,
/// softmax, heads and every sum are float32 whichever it is.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
    /// Not rounded.
    case float32
    /// Rounded to the nearest bfloat16, of 8 significant bits, summed in float32 (Micikevicius et al. 2018, with bfloat16's
    /// range in place of loss scaling).
    case bfloat16
    /// Weights of 8 bits, symmetric and scaled by output channel; activations of 8 bits from each row's smallest to its
    /// largest value, found on the way; summed in int32 (Jacob et al. 2018, with dynamic ranges). For inference only.
    case int8
}

extension ProductPrecision {
    /// The fastest that this processor has instructions for; see Documentation/0005-precision.md for what it costs.
    public static var fastest: ProductPrecision {
        [.int8, .bfloat16].first { NarrowProduct.isFast($0) } ?? .float32
    }

    /// What the encoder's products run on: an instruction set, or OpenBLAS.
    public var instructionSet: String {
        switch self {
        case .float32: PackedProduct.isFastest ? Arithmetic.instructionSet : Arithmetic.openBLAS
        case .bfloat16, .int8: NarrowProduct.instructionSet(self)
        }
    }
}
