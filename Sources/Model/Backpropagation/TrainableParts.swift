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

    func forward(
        _ x: borrowing Matrix, into y: inout Matrix, panels: inout Matrix, _ precision: ProductPrecision = .float32,
        team: ThreadTeam
    ) {
        linear(x, weight: weight.value, bias: bias.value, into: &y, panels: &panels, team: team, precision: precision)
    }

    /// Adds to the gradients of W and b. Writes the gradient with respect to x, or adds it to `dx` if `accumulating` is
    /// true.
    func backward(
        _ dy: borrowing Matrix, input x: borrowing Matrix, into dx: inout Matrix, accumulating: Bool = false,
        panels: inout Matrix, _ precision: ProductPrecision = .float32, team: ThreadTeam
    ) {
        linearBackward(
            dy, input: x, weight: weight.value, into: &dx, accumulating: accumulating,
            weightGradient: &weight.gradient, biasGradient: &bias.gradient, panels: &panels,
            team: team, precision: precision)
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

    /// Computes y = layer norm(dropout(x) + residual). On return, x holds the sum, which the backward pass needs.
    func forward(
        _ x: inout Matrix, residual: borrowing Matrix, _ dropout: Dropout, into y: inout Matrix,
        statistics: inout Matrix, team: ThreadTeam
    ) {
        residualNorm(
            &x, residual: residual, dropout, gamma: gamma.value, beta: beta.value, epsilon: epsilon, into: &y,
            statistics: &statistics, team: team)
    }

    func backward(
        _ dy: borrowing Matrix, sum: borrowing Matrix, statistics: borrowing Matrix, _ dropout: Dropout,
        into dx: inout Matrix, residualGradient: inout Matrix, team: ThreadTeam
    ) {
        residualNormBackward(
            dy, sum: sum, statistics: statistics, dropout, gamma: gamma.value, into: &dx,
            residualGradient: &residualGradient, gammaGradient: &gamma.gradient, betaGradient: &beta.gradient,
            team: team)
    }
}
