public import Baselines
public import Training

/// An event of an experiment, for progress displays and for tracking each run.
public enum ExperimentEvent {
    /// A run started or resumed; its job has the recipe and the data.
    case began(ExperimentRun, TrainingJob, resuming: Bool)
    /// A training event of a run.
    case training(ExperimentRun, TrainingEvent)
    /// A run was stopped and can be resumed.
    case paused(ExperimentRun)
    /// A run finished, and its checkpoint is in its directory.
    case finished(ExperimentRun, FinishedTraining)
    /// A baseline is about to be trained, or exists already if `isThere`.
    case baselineBegan(ExperimentRun, BaselineRecipe, isThere: Bool)
    /// A baseline completed a training pass.
    case baselinePassed(ExperimentRun, BaselineProgress)
    /// A baseline is finished and in its directory.
    case baselineFinished(ExperimentRun, BaselineRun)
    /// A run failed; the experiment continues.
    case failed(ExperimentRun, reason: String)
    /// The model of a run has been evaluated on the test data.
    case measured(ExperimentRun, ModelEvaluation)
}
