public import Evaluation

/// The results of one epoch.
public struct EpochRecord: Sendable, Codable, Equatable {
    /// The epoch's number, from 1.
    public var epoch: Int
    /// The number of steps since the start of the run.
    public var step: Int
    /// The mean training loss of the epoch's sentences or texts.
    public var trainingLoss: Double
    /// Seconds since the start of the run, evaluations included.
    public var seconds: Double
    /// The figures on the development data.
    public var development: Figures
    /// The figures on the development data with numbers read as `@`; `nil` where the run trained on none.
    public var developmentWithMaskedNumbers: Figures?
}
