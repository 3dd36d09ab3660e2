/// Settings for training a linear classifier with stochastic gradient descent.
public struct LinearSettings: Sendable, Codable, Equatable {
    /// Selection and weighting of the terms.
    public var terms = TermSettings()
    /// Number of passes over the texts.
    public var epochs = 10
    /// Initial learning rate η₀; at step t the rate is η₀ / (1 + λ · η₀ · t)^¾.
    public var learningRate = 2.0
    /// Factor λ of the penalty λ / 2 · ‖W‖².
    public var l2 = 3e-6

    /// Creates the default settings.
    public init() {}
}
