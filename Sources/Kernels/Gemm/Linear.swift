internal import CKernels

/// A linear layer: weight W `[out, in]`, as in PyTorch's `nn.Linear`, and bias b `[out]`.
public struct LinearParameters: ~Copyable, Sendable {
    /// Width of the input.
    public let inner: Int
    /// Width of the output.
    public let outer: Int
    private let weight: Weight
    private let bias: Matrix

    /// The form in which W is stored.
    private enum Weight: ~Copyable, Sendable {
        /// Packed into the panels of ``PackedProduct``.
        case panels(Matrix)
        /// Row-major, for OpenBLAS.
        case asStored(Matrix)
        case narrow(NarrowWeights)
    }

    /// Creates a layer from W and b.
    ///
    /// - Parameters:
    ///   - weight: W, `[out, in]`.
    ///   - bias: b, `[1, out]`.
    ///   - precision: Precision of the matrix multiplication.
    ///   - backend: The implementation for a float32 W.
    public init(
        weight: consuming Matrix, bias: consuming Matrix, _ precision: ProductPrecision = .float32,
        backend: GemmBackend = .fastest
    ) {
        precondition(bias.rows == 1 && bias.columns == weight.rows)
        inner = weight.columns
        outer = weight.rows
        self.weight =
            switch precision {
            case .float32: backend == .packed ? .panels(PackedProduct.pack(weight)) : .asStored(weight)
            case .bfloat16, .int8: .narrow(NarrowWeights(weight, precision))
            }
        self.bias = bias
    }

    /// Computes y = x · Wᵀ. Narrow precisions add the bias and apply the activation as well.
    ///
    /// - Returns: The bias that the caller must still add, or `nil` if y is finished.
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

/// The parameters of a layer norm: γ and β, each `[1, width]`, and ε.
public struct LayerNormParameters: ~Copyable, Sendable {
    /// Scale γ, `[1, width]`.
    public var gamma: Matrix
    /// Shift β, `[1, width]`.
    public var beta: Matrix
    /// Constant ε that is added to the variance.
    public var epsilon: Float

    /// Creates a layer norm.
    ///
    /// - Parameters:
    ///   - gamma: Scale γ, `[1, width]`.
    ///   - beta: Shift β, `[1, width]`.
    ///   - epsilon: Constant that is added to the variance.
    public init(gamma: consuming Matrix, beta: consuming Matrix, epsilon: Float) {
        precondition(gamma.rows == 1 && beta.rows == 1 && gamma.columns == beta.columns)
        self.gamma = gamma
        self.beta = beta
        self.epsilon = epsilon
    }
}

extension LinearParameters {
    /// Computes y = activation(x · Wᵀ + b) on the calling thread.
    ///
    /// - Parameters:
    ///   - x: The input, `[n, in]`, with so few rows that y stays in cache.
    ///   - activation: The function; it is applied while y is in cache.
    ///   - y: The result, `[n, out]`.
    ///   - scratch: The caller's own row of ``scratchColumns(_:rows:inner:)`` columns.
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

    /// Computes y = layer norm(x · Wᵀ + b + r) on the calling thread: the post-LN residual step of Vaswani et al. 2017
    /// (§3.1).
    ///
    /// - Parameters:
    ///   - x: The input, `[n, in]`.
    ///   - residual: The residual r, `[n, out]`.
    ///   - norm: The layer norm, of width `out`.
    ///   - y: The result, `[n, out]`; must not overlap x or r.
    ///   - scratch: Scratch, as for ``apply(_:_:into:scratch:)``.
    public func apply(
        _ x: MatrixView, residual: MatrixView, _ norm: borrowing LayerNormParameters, into y: MatrixView,
        scratch: MatrixView
    ) {
        precondition(residual.columns == outer && residual.rows == x.rows && norm.gamma.columns == outer)
        let bias = unsafe multiply(x, .identity, into: y, scratch: scratch)
        unsafe Arithmetic.kernels.bias_residual_norm(
            y.base, y.rows, outer, outer, bias, residual.base, norm.gamma.base, norm.beta.base, norm.epsilon)
    }

    /// Returns the number of floats of scratch that a call needs.
    ///
    /// - Parameters:
    ///   - precision: Precision of the layer.
    ///   - rows: Number of rows of x.
    ///   - inner: Width of the input.
    /// - Returns: The number of floats; 0 for float32.
    public static func scratchColumns(_ precision: ProductPrecision, rows: Int, inner: Int) -> Int {
        precision == .float32 ? 0 : NarrowWeights.scratchColumns(precision, rows: rows, inner: inner)
    }
}
