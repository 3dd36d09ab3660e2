/// What the operands of the large products of training are rounded to.
///
/// Weights, activations, gradients and every sum are float32 in either case (Micikevicius et al. 2018, with bfloat16's
/// range in place of loss scaling).
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
    /// Not rounded.
    case float32
    /// Rounded to the nearest bfloat16, of 8 significant bits: see ``BFloat16Product``.
    case bfloat16
}
