public import Evaluation

/// The results of one epoch.
public struct EpochRecord: Sendable, Codable, Equatable {
    /// The number of the epoch, from 1.
    public var epoch: Int
    /// The number of steps since the start of the run.
    public var step: Int
    /// The mean training loss per sentence or text in this epoch.
    public var trainingLoss: Double
    /// The working time in seconds since the start of the run, including evaluations.
    public var seconds: Double
    /// The metrics on the development data.
    public var development: Figures
    /// The metrics on the development data with masked numbers; `nil` if the run masks no numbers.
    public var developmentWithMaskedNumbers: Figures?
}
