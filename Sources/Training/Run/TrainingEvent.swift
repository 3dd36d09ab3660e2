/// An event of a training run.
public enum TrainingEvent: Sendable {
    /// A teacher, counted from 1, has labelled `abstracts` of all training abstracts. With teachers, these are the
    /// first events.
    case asked(teacher: Int, of: Int, abstracts: Int, all: Int)
    /// The first step is about to be taken.
    case began(TrainingSummary)
    /// A step was taken.
    case step(StepProgress)
    /// An epoch was evaluated.
    case evaluated(EpochRecord, isBest: Bool)
    /// The state was saved after a step.
    case saved(step: Int)
    /// The state could not be saved; the previous one is kept.
    case notSaved(reason: String)
}

/// The extent of a run.
public struct TrainingSummary: Sendable {
    /// The number of trainable parameters.
    public var parameters: Int
    /// The names of tensors that the base checkpoint lacks; they start with random values or zeros.
    public var initialised: [String]
    /// The number of steps in the whole run.
    public var steps: Int
    /// The number of steps already taken; above 0 if the run is resumed.
    public var stepsTaken: Int
    /// The number of steps in each epoch.
    public var stepsOfEpochs: [Int]
    /// The most memory that the run will use.
    public var memory: MemoryEstimate
    /// The available memory in bytes; `nil` if it is unknown.
    public var availableMemory: Int?
}

/// The progress of a run after a step.
public struct StepProgress: Sendable {
    /// The number of the step, from 1.
    public var step: Int
    /// The number of steps in the whole run.
    public var steps: Int
    /// The number of the epoch, from 1.
    public var epoch: Int
    /// The mean loss of the step.
    public var loss: Double
    /// The mean loss of the last steps, with exponentially decreasing weights.
    public var recentLoss: Double
    /// The norm of the gradient before clipping.
    public var gradientNorm: Double
    /// The encoder's learning rate in this step.
    public var learningRate: Double
    /// Throughput in tokens per second over the last steps.
    public var tokensPerSecond: Double
    /// The estimated number of seconds until the last step, without evaluations.
    public var secondsLeft: Double
}

/// The way in which a run ended.
public enum TrainingOutcome: Sendable {
    /// All steps were taken, and the checkpoint of the best epoch is in place.
    case finished(FinishedTraining)
    /// The run was stopped, and its state after this step is saved.
    case stopped(step: Int)
}
