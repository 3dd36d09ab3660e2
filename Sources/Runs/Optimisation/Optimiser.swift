import Glibc
public import Kernels
package import Model

/// AdamW (Loshchilov & Hutter 2019) over the parameters of a network, with a learning rate for each place in it and the
/// gradient's norm clipped (Pascanu et al. 2013).
public final class Optimiser {
    /// What one parameter is stepped with.
    public struct Group: Sendable, Equatable {
        /// The learning rate at its peak.
        public var rate: Double
        /// The weight decay; 0 where none applies.
        public var decay: Double

        package init(rate: Double, decay: Double) {
            self.rate = rate
            self.decay = decay
        }
    }

    /// A parameter's moments.
    package final class Moments {
        package var first: Matrix
        package var second: Matrix

        init(_ parameter: Parameter) {
            first = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
            second = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
        }
    }

    /// One for each parameter.
    public let groups: [Group]
    package let moments: [Moments]
    private let parameters: [Parameter]
    private let clip: Double

    private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)

    /// An optimiser that has taken no step.
    ///
    /// - Parameters:
    ///   - parameters: Of the network.
    ///   - groups: One for each parameter.
    ///   - clip: The gradient's largest norm.
    package init(_ parameters: [Parameter], groups: [Group], clip: Double) {
        self.parameters = parameters
        self.groups = groups
        self.clip = clip
        moments = parameters.map(Moments.init)
    }

    /// Moves every parameter along its gradient.
    ///
    /// - Parameters:
    ///   - step: From 0.
    ///   - factor: The share of the peak learning rate.
    ///   - team: Shares the work.
    /// - Returns: The gradient's norm before clipping. Where it is not finite, nothing was moved.
    public func step(_ step: Int, factor: Double, team: ThreadTeam) -> Double {
        let norm = parameters.reduce(0) { $0 + squaredNorm($1.gradient, team: team) }.squareRoot()
        guard norm.isFinite else { return norm }
        var constants = AdamWStep(
            rate: 0, beta1: Float(Self.beta1), beta2: Float(Self.beta2), epsilon: Float(Self.epsilon), decay: 0,
            correction1: Float(1 - pow(Self.beta1, Double(step + 1))),
            correction2: Float(1 - pow(Self.beta2, Double(step + 1))),
            // As torch.nn.utils.clip_grad_norm_ has it.
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
