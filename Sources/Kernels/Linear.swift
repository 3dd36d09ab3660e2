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

/// A layer's affine map: `weight` is `[out, in]` as in PyTorch's `nn.Linear`, `bias` is `[1, out]`.
public struct LinearParameters: ~Copyable, Sendable {
    /// `[out, in]`
    public var weight: Matrix
    /// `[1, out]`
    public var bias: Matrix

    /// Takes the two matrices; `bias` has as many columns as `weight` has rows.
    public init(weight: consuming Matrix, bias: consuming Matrix) {
        precondition(bias.rows == 1 && bias.columns == weight.rows)
        self.weight = weight
        self.bias = bias
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

/// Rows of a product taken at a time: few enough that the epilogue finds them in the second-level cache, many enough
/// that OpenBLAS's packing of the weights for each product stays small beside the product.
let productRows = 384

/// A step that gives every member the same number of blocks, each at most ``productRows`` high.
func evenStep(rows: Int, members: Int) -> Int {
    let blocks = max(1, (rows + productRows * members - 1) / (productRows * members)) * members
    return max(1, (rows + blocks - 1) / blocks)
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
    let (inner, outer) = (layer.weight.columns, layer.weight.rows)
    precondition(input.columns == inner && output.columns == outer)
    output.resize(rows: input.rows)
    let (x, w, b, y) = unsafe (input.base, layer.weight.base, layer.bias.base, output.base)
    let rowwise = unsafe Arithmetic.rowwise
    BLAS.singleThreaded
    team.forEachBlock(of: input.rows, step: evenStep(rows: input.rows, members: team.count)) { rows, _ in
        let target = unsafe y + rows.lowerBound * outer
        unsafe BLAS.multiply(
            .transposed, m: rows.count, n: outer, k: inner, x + rows.lowerBound * inner, inner, w, inner,
            into: target, outer)
        switch activation {
        case .identity: unsafe rowwise.bias(target, rows.count, outer, outer, b)
        case .gelu: unsafe rowwise.bias_gelu(target, rows.count, outer, outer, b)
        case .geluTanh: unsafe rowwise.bias_gelu_tanh(target, rows.count, outer, outer, b)
        case .relu: unsafe rowwise.bias_relu(target, rows.count, outer, outer, b)
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
    let (inner, width) = (layer.weight.columns, layer.weight.rows)
    precondition(input.columns == inner && output.columns == width && residual.columns == width)
    precondition(residual.rows == input.rows && norm.gamma.columns == width)
    output.resize(rows: input.rows)
    let (x, w, b, r, y) = unsafe (input.base, layer.weight.base, layer.bias.base, residual.base, output.base)
    let (gamma, beta, epsilon) = unsafe (norm.gamma.base, norm.beta.base, norm.epsilon)
    let rowwise = unsafe Arithmetic.rowwise
    BLAS.singleThreaded
    team.forEachBlock(of: input.rows, step: evenStep(rows: input.rows, members: team.count)) { rows, _ in
        let target = unsafe y + rows.lowerBound * width
        unsafe BLAS.multiply(
            .transposed, m: rows.count, n: width, k: inner, x + rows.lowerBound * inner, inner, w, inner,
            into: target, width)
        unsafe rowwise.bias_residual_norm(
            target, rows.count, width, width, b, r + rows.lowerBound * width, gamma, beta, epsilon)
    }
}
