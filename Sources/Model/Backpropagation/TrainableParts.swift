internal import Kernels

/// A trainable linear layer: weight W `[out, in]` and bias b `[1, out]`.
final class TrainableLinear {
    let weight: Parameter
    let bias: Parameter

    init(weight: Parameter, bias: Parameter) {
        self.weight = weight
        self.bias = bias
    }

    var parameters: [Parameter] { [weight, bias] }
    private var values: LinearWeights { LinearWeights(weight: weight, bias: bias) }

    func forward(
        _ x: borrowing Matrix, into y: inout Matrix, panels: inout Matrix, _ precision: ProductPrecision = .float32,
        team: ThreadTeam
    ) {
        linear(x, values, into: &y, panels: &panels, team: team, backend: .linear(precision))
    }

    /// Adds to the gradients of W and b. Writes the gradient with respect to x, or adds it to `dx` if `accumulating` is
    /// true.
    func backward(
        _ dy: borrowing Matrix, input x: borrowing Matrix, into dx: inout Matrix, accumulating: Bool = false,
        panels: inout Matrix, _ precision: ProductPrecision = .float32, team: ThreadTeam
    ) {
        linearBackward(
            dy, input: x, values, into: &dx, accumulating: accumulating, panels: &panels, team: team,
            backend: .linear(precision))
    }
}

/// A trainable layer norm: scale γ and shift β.
final class TrainableNorm {
    let gamma: Parameter
    let beta: Parameter
    let epsilon: Float

    init(gamma: Parameter, beta: Parameter, epsilon: Float) {
        self.gamma = gamma
        self.beta = beta
        self.epsilon = epsilon
    }

    var parameters: [Parameter] { [gamma, beta] }
    var values: NormWeights { NormWeights(gamma: gamma, beta: beta, epsilon: epsilon) }

    /// Computes y = layer norm(dropout(x) + residual). On return, x holds the sum, which the backward pass needs.
    func forward(
        _ x: inout Matrix, residual: borrowing Matrix, _ dropout: Dropout, into y: inout Matrix,
        statistics: inout Matrix, team: ThreadTeam
    ) {
        residualNorm(&x, residual: residual, dropout, values, into: &y, statistics: &statistics, team: team)
    }

    func backward(
        _ dy: borrowing Matrix, sum: borrowing Matrix, statistics: borrowing Matrix, _ dropout: Dropout,
        into dx: inout Matrix, residualGradient: inout Matrix, team: ThreadTeam
    ) {
        residualNormBackward(
            dy, sum: sum, statistics: statistics, dropout, values, into: &dx, residualGradient: &residualGradient,
            team: team)
    }
}
