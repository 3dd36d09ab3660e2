import Glibc
public import Kernels
package import Model

/// The AdamW optimiser (Loshchilov & Hutter 2019) for the parameters of a network, with a learning rate for each
/// parameter and a limit on the norm of the gradient (Pascanu et al. 2013).
public final class Optimiser {
    /// The settings of one parameter.
    public struct Group: Sendable, Equatable {
        /// The peak learning rate.
        public var rate: Double
        /// The weight decay; 0 for none.
        public var decay: Double

        package init(rate: Double, decay: Double) {
            self.rate = rate
            self.decay = decay
        }
    }

    /// The moments of one parameter.
    package final class Moments {
        package var first: Matrix
        package var second: Matrix

        init(_ parameter: Parameter) {
            first = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
            second = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
        }
    }

    /// The settings of each parameter, `[parameters]`.
    public let groups: [Group]
    package let moments: [Moments]
    private let parameters: [Parameter]
    private let clip: Double

    private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)

    /// Creates an optimiser before its first step.
    ///
    /// - Parameters:
    ///   - parameters: The parameters of the network.
    ///   - groups: The settings of each parameter.
    ///   - clip: The largest norm of the gradient.
    package init(_ parameters: [Parameter], groups: [Group], clip: Double) {
        self.parameters = parameters
        self.groups = groups
        self.clip = clip
        moments = parameters.map(Moments.init)
    }

    /// Moves every parameter against its gradient.
    ///
    /// - Parameters:
    ///   - step: The index of the step, from 0.
    ///   - factor: The factor of the peak learning rate, 0 to 1.
    ///   - team: The threads that share the work.
    /// - Returns: The norm of the gradient before clipping. If it is not finite, no parameter was changed.
    public func step(_ step: Int, factor: Double, team: ThreadTeam) -> Double {
        let norm = parameters.reduce(0) { $0 + squaredNorm($1.gradient, team: team) }.squareRoot()
        guard norm.isFinite else { return norm }
        var constants = AdamWStep(
            rate: 0, beta1: Float(Self.beta1), beta2: Float(Self.beta2), epsilon: Float(Self.epsilon), decay: 0,
            correction1: Float(1 - pow(Self.beta1, Double(step + 1))),
            correction2: Float(1 - pow(Self.beta2, Double(step + 1))),
            // The same formula as in torch.nn.utils.clip_grad_norm_.
            gradientScale: Float(min(1, clip / (norm + 1e-6))))
        for ((parameter, moments), group) in zip(zip(parameters, moments), groups) {
            constants.rate = Float(group.rate * factor)
            constants.decay = Float(group.decay)
            adamW(
                &parameter.value, gradient: parameter.gradient, first: &moments.first, second: &moments.second,
                constants, team: team)
        }
        return norm
    }
}
