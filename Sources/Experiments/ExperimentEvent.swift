public import Evaluation
public import Training

/// What an experiment tells while it goes on: enough to show it, and to record each of its runs under its own.
public enum ExperimentEvent: Sendable {
    /// A run begins, or goes on; its job's recipe and data are known now.
    case began(ExperimentRun, TrainingJob, resuming: Bool)
    /// Something happened in it.
    case training(ExperimentRun, TrainingEvent)
    /// It was stopped and can go on.
    case paused(ExperimentRun)
    /// Its checkpoint is in its directory.
    case finished(ExperimentRun, best: EpochRecord)
    /// It cannot go on; the experiment does.
    case failed(ExperimentRun, reason: String)
    /// Its checkpoint has labelled the test data.
    case measured(ExperimentRun, Predictions)
}
