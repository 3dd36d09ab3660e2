/// The progress of a baseline's training.
public struct BaselineProgress: Sendable, Equatable {
    /// Number of completed epochs or boosting rounds.
    public var passes: Int
    /// The largest possible number of epochs or rounds.
    public var most: Int
    /// Mean loss on the training data; `nil` if it is not known.
    public var trainingLoss: Double?
    /// Mean loss on the development data; `nil` if it is not known.
    public var developmentLoss: Double?
    /// The metric on the development data by which the best pass is chosen; `nil` if that is the loss.
    public var figure: Double?
}
