internal import CKernels

/// The elementwise function after a linear layer.
public enum Activation: Sendable, Equatable {
    case identity
    /// x · Φ(x) with Φ by erf (Hendrycks & Gimpel 2016); Hugging Face's `gelu`.
    case gelu
    /// x · Φ(x) with Φ by tanh; Hugging Face's `gelu_new` and `gelu_pytorch_tanh`.
    case geluTanh
    case relu
}

/// A layer's affine map: weight W `[out, in]` as in PyTorch's `nn.Linear`, and bias b `[out]`.
public struct LinearParameters: ~Copyable, Sendable {
    /// In.
    public let inner: Int
    /// Out.
    public let outer: Int
    private let weight: Weight
    private let bias: Matrix

    /// How W is kept for its products.
    private enum Weight: ~Copyable, Sendable {
        /// In ``PackedProduct``'s panels.
        case panels(Matrix)
        /// As it came, for OpenBLAS.
        case asStored(Matrix)
        case narrow(NarrowWeights)
    }

    /// Takes W and b.
    ///
    /// - Parameters:
    ///   - weight: `[out, in]`.
    ///   - bias: `[1, out]`.
    ///   - precision: Of the products.
    ///   - packed: Whether to pack a float32 W now, for ``PackedProduct``, or leave each product to OpenBLAS.
    public init(
        weight: consuming Matrix, bias: consuming Matrix, _ precision: ProductPrecision = .float32,
        packed: Bool = PackedProduct.isFastest
    ) {
        precondition(bias.rows == 1 && bias.columns == weight.rows)
        inner = weight.columns
        outer = weight.rows
        self.weight =
            switch precision {
            case .float32: packed ? .panels(PackedProduct.pack(weight)) : .asStored(weight)
            case .bfloat16, .int8: .narrow(NarrowWeights(weight, precision))
            }
        self.bias = bias
    }

    /// y = x · Wᵀ, and if the product adds it on the way, b.
    ///
    /// - Returns: The bias that is still to be added, or nil.
    private func multiply(
        _ x: MatrixView, _ activation: Activation, into y: MatrixView, scratch: MatrixView
    ) -> UnsafeMutablePointer<Float>? {
        precondition(x.columns == inner && y.columns == outer && x.rows == y.rows)
        let form: RightFactor.Form
        let base: UnsafeMutablePointer<Float>
        switch weight {
        case .panels(let panels): unsafe (form, base) = (.panels, panels.base)
        case .asStored(let stored): unsafe (form, base) = (.transposed, stored.base)
        case .narrow(let weights):
            weights.multiply(x, bias: bias, activation, into: y, scratch: scratch)
            return nil
        }
        unsafe RightFactor(form, inner: inner, outer: outer, base).multiply(x.base, count: x.rows, into: y.base)
        return unsafe bias.base
    }
}

/// A layer norm's `gamma` and `beta`, each `[1, width]`, and the ε under its root.
public struct LayerNormParameters: ~Copyable, Sendable {
    /// Scale, `[1, width]`.
    public var gamma: Matrix
    /// Shift, `[1, width]`.
    public var beta: Matrix
    /// Added to the variance.
    public var epsilon: Float

    /// Takes the two rows, of one width.
    public init(gamma: consuming Matrix, beta: consuming Matrix, epsilon: Float) {
        precondition(gamma.rows == 1 && beta.rows == 1 && gamma.columns == beta.columns)
        self.gamma = gamma
        self.beta = beta
        self.epsilon = epsilon
    }
}

extension LinearParameters {
    /// y = activation(x · Wᵀ + b), by the calling thread alone.
    ///
    /// - Parameters:
    ///   - x: `[n, in]`, so few rows that y stays in cache.
    ///   - activation: Applied while y's rows are in cache.
    ///   - y: `[n, out]`
    ///   - scratch: A row of ``scratchColumns(_:rows:inner:)``, the caller's own.
    public func apply(
        _ x: MatrixView, _ activation: Activation = .identity, into y: MatrixView, scratch: MatrixView
    ) {
        guard let bias = unsafe multiply(x, activation, into: y, scratch: scratch) else { return }
        let kernels = unsafe Arithmetic.kernels
        switch activation {
        case .identity: unsafe kernels.bias(y.base, y.rows, outer, outer, bias)
        case .gelu: unsafe kernels.bias_gelu(y.base, y.rows, outer, outer, bias)
        case .geluTanh: unsafe kernels.bias_gelu_tanh(y.base, y.rows, outer, outer, bias)
        case .relu: unsafe kernels.bias_relu(y.base, y.rows, outer, outer, bias)
        }
    }

    /// y = layer norm(x · Wᵀ + b + r), the post-LN residual step of Vaswani et al. 2017 (§3.1), by the calling thread alone.
    ///
    /// - Parameters:
    ///   - x: `[n, in]`
    ///   - residual: r, `[n, out]`.
    ///   - norm: γ, β `[1, out]` and ε.
    ///   - y: `[n, out]`; not x's rows, nor r's.
    ///   - scratch: As for ``apply(_:_:into:scratch:)``.
    public func apply(
        _ x: MatrixView, residual: MatrixView, _ norm: borrowing LayerNormParameters, into y: MatrixView,
        scratch: MatrixView
    ) {
        precondition(residual.columns == outer && residual.rows == x.rows && norm.gamma.columns == outer)
        let bias = unsafe multiply(x, .identity, into: y, scratch: scratch)
        unsafe Arithmetic.kernels.bias_residual_norm(
            y.base, y.rows, outer, outer, bias, residual.base, norm.gamma.base, norm.beta.base, norm.epsilon)
    }

    /// The floats of scratch that `rows` rows take.
    public static func scratchColumns(_ precision: ProductPrecision, rows: Int, inner: Int) -> Int {
        precision == .float32 ? 0 : NarrowWeights.scratchColumns(precision, rows: rows, inner: inner)
    }
}
