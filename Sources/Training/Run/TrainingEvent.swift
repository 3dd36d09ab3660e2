/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
    /// First, where there are teachers: one of them, from 1, has labelled so many of all training abstracts.
    case asked(teacher: Int, of: Int, abstracts: Int, all: Int)
    /// Before the first step.
    case began(TrainingSummary)
    /// A step was taken.
    case step(StepProgress)
    /// An epoch was evaluated.
    case evaluated(EpochRecord, isBest: Bool)
    /// The state was saved.
    case saved(step: Int)
    /// The state could not be saved; the one before is still there.
    case notSaved(reason: String)
}

/// What a run is going to do.
public struct TrainingSummary: Sendable {
    /// The numbers that learn.
    public var parameters: Int
    /// The tensors that the base checkpoint lacks, drawn at random or zero.
    public var initialised: [String]
    /// The steps of the whole run.
    public var steps: Int
    /// Those taken already, where a run goes on.
    public var stepsTaken: Int
    /// The steps of each epoch.
    public var stepsOfEpochs: [Int]
    /// What it takes at most.
    public var memory: MemoryEstimate
    /// The bytes there are, where that can be told.
    public var availableMemory: Int?
}

/// How a run is getting on.
public struct StepProgress: Sendable {
    /// From 1.
    public var step: Int
    /// Of the whole run.
    public var steps: Int
    /// From 1.
    public var epoch: Int
    /// The step's mean loss.
    public var loss: Double
    /// The mean over the last steps, each weighing less the longer ago it was.
    public var recentLoss: Double
    /// The gradient's norm before clipping.
    public var gradientNorm: Double
    /// The peak rate's share, times the encoder's peak rate.
    public var learningRate: Double
    /// Pieces a second over the last steps.
    public var tokensPerSecond: Double
    /// Until the last step, evaluations aside.
    public var secondsLeft: Double
}

/// How a run ended.
public enum TrainingOutcome: Sendable {
    /// All steps were taken; the best epoch's checkpoint is in place.
    case finished(FinishedTraining)
    /// It was asked to stop; the state after this step is saved.
    case stopped(step: Int)
}
