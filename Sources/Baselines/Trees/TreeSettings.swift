/// How boosted trees are grown: xgboost's parameters of the same meaning.
public struct TreeSettings: Sendable, Codable, Equatable {
    /// Which terms they see: the most frequent ones, as every node of a tree weighs all of them.
    public var terms = TermSettings(most: 5_000)
    /// The most rounds; a round grows a tree for each label.
    public var rounds = 200
    /// The rounds without a lower loss on the development data after which no more are grown.
    public var patience = 10
    /// `max_depth`
    public var depth = 6
    /// `eta`
    public var learningRate = 0.3
    /// `max_bin`: into how many values a feature's are gathered.
    public var bins = 32

    /// The usual settings.
    public init() {}
}
