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
    private let weight: Matrix
    private let isPacked: Bool
    let bias: Matrix

    /// Takes W and b.
    ///
    /// - Parameters:
    ///   - weight: `[out, in]`.
    ///   - bias: `[1, out]`.
    ///   - packed: Whether to pack W now, for ``PackedProduct``, or leave each product to OpenBLAS.
    public init(weight: consuming Matrix, bias: consuming Matrix, packed: Bool = PackedProduct.isFastest) {
        precondition(bias.rows == 1 && bias.columns == weight.rows)
        inner = weight.columns
        outer = weight.rows
        isPacked = packed
        self.weight = packed ? PackedProduct.pack(weight) : weight
        self.bias = bias
    }

    /// Wᵀ, for products with rows of x.
    var factor: RightFactor {
        unsafe RightFactor(isPacked ? .panels : .transposed, inner: inner, outer: outer, weight.base)
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

/// y = activation(x · Wᵀ + b)
///
/// - Parameters:
///   - input: x, `[T, in]`.
///   - layer: W `[out, in]` and b.
///   - activation: Applied while the product's rows are in cache.
///   - output: y, made `[T, out]`.
///   - team: Shares out the rows.
public func linear(
    _ input: borrowing Matrix, _ layer: borrowing LinearParameters, _ activation: Activation = .identity,
    into output: inout Matrix, team: ThreadTeam
) {
    let (inner, outer) = (layer.inner, layer.outer)
    precondition(input.columns == inner && output.columns == outer)
    output.resize(rows: input.rows)
    let (x, b, y) = unsafe (input.base, layer.bias.base, output.base)
    let (factor, kernels) = unsafe (layer.factor, Arithmetic.kernels)
    BLAS.singleThreaded
    team.forEachBlock(of: input.rows, step: factor.step(rows: input.rows, members: team.count)) { rows, _ in
        let target = unsafe y + rows.lowerBound * outer
        unsafe factor.multiply(x + rows.lowerBound * inner, count: rows.count, into: target)
        switch activation {
        case .identity: unsafe kernels.bias(target, rows.count, outer, outer, b)
        case .gelu: unsafe kernels.bias_gelu(target, rows.count, outer, outer, b)
        case .geluTanh: unsafe kernels.bias_gelu_tanh(target, rows.count, outer, outer, b)
        case .relu: unsafe kernels.bias_relu(target, rows.count, outer, outer, b)
        }
    }
}

/// y = layer norm(x · Wᵀ + b + r), the post-LN residual step of Vaswani et al. 2017 (§3.1).
///
/// - Parameters:
///   - input: x, `[T, in]`.
///   - layer: W `[width, in]` and b.
///   - residual: r, `[T, width]`.
///   - norm: γ, β `[1, width]` and ε.
///   - output: y, made `[T, width]`; not the residual's matrix.
///   - team: Shares out the rows.
public func linearResidualNorm(
    _ input: borrowing Matrix, _ layer: borrowing LinearParameters, residual: borrowing Matrix,
    _ norm: borrowing LayerNormParameters, into output: inout Matrix, team: ThreadTeam
) {
    let (inner, width) = (layer.inner, layer.outer)
    precondition(input.columns == inner && output.columns == width && residual.columns == width)
    precondition(residual.rows == input.rows && norm.gamma.columns == width)
    output.resize(rows: input.rows)
    let (x, b, r, y) = unsafe (input.base, layer.bias.base, residual.base, output.base)
    let (gamma, beta, epsilon) = unsafe (norm.gamma.base, norm.beta.base, norm.epsilon)
    let (factor, kernels) = unsafe (layer.factor, Arithmetic.kernels)
    BLAS.singleThreaded
    team.forEachBlock(of: input.rows, step: factor.step(rows: input.rows, members: team.count)) { rows, _ in
        let target = unsafe y + rows.lowerBound * width
        unsafe factor.multiply(x + rows.lowerBound * inner, count: rows.count, into: target)
        unsafe kernels.bias_residual_norm(
            target, rows.count, width, width, b, r + rows.lowerBound * width, gamma, beta, epsilon)
    }
}
