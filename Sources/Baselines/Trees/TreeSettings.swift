/// Settings for growing boosted trees, with the names of the corresponding xgboost parameters.
public struct TreeSettings: Sendable, Codable, Equatable {
    /// Selection and weighting of the terms; only the most frequent ones, because every tree node considers all of them.
    public var terms = TermSettings(most: 5_000)
    /// The largest number of rounds; each round grows one tree for each label.
    public var rounds = 200
    /// The number of rounds without a lower loss on the development data after which growing stops.
    public var patience = 10
    /// Largest depth of a tree, `max_depth`.
    public var depth = 6
    /// Learning rate, `eta`.
    public var learningRate = 0.3
    /// The number of bins into which the values of a feature are grouped, `max_bin`.
    public var bins = 32

    /// Creates the default settings.
    public init() {}
}
