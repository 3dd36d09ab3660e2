/// How a baseline's training is getting on.
public struct BaselineProgress: Sendable, Equatable {
    /// The epochs, or the rounds of trees, that are done.
    public var passes: Int
    /// The most there may be.
    public var most: Int
    /// The mean loss on the training data; `nil` where it is not known.
    public var trainingLoss: Double?
    /// The mean loss on the development data; `nil` where it is not known.
    public var developmentLoss: Double?
    /// The figure on the development data by which the best pass is chosen; `nil` where that is the loss.
    public var figure: Double?
}
