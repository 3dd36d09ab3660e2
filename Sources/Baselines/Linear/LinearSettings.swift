/// How a linear classifier is trained by stochastic gradient descent.
public struct LinearSettings: Sendable, Codable, Equatable {
    /// Which terms it sees.
    public var terms = TermSettings()
    /// Passes over the texts.
    public var epochs = 10
    /// The step at the start, η₀; it falls as η₀ / (1 + λ · η₀ · t)^¾.
    public var learningRate = 2.0
    /// λ of the penalty λ / 2 · ‖W‖².
    public var l2 = 3e-6

    /// The usual settings.
    public init() {}
}
