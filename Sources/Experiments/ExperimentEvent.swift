public import Baselines
public import Training

/// What an experiment tells while it goes on: enough to show it, and to record each of its runs under its own.
public enum ExperimentEvent {
    /// A run begins, or goes on; its job's recipe and data are known now.
    case began(ExperimentRun, TrainingJob, resuming: Bool)
    /// Something happened in it.
    case training(ExperimentRun, TrainingEvent)
    /// It was stopped and can go on.
    case paused(ExperimentRun)
    /// Its checkpoint is in its directory.
    case finished(ExperimentRun, FinishedTraining)
    /// A baseline takes part, which is there already or is to be trained.
    case baselineBegan(ExperimentRun, BaselineRecipe, isThere: Bool)
    /// It did another pass.
    case baselinePassed(ExperimentRun, BaselineProgress)
    /// It is in its directory.
    case baselineFinished(ExperimentRun, BaselineRun)
    /// It cannot go on; the experiment does.
    case failed(ExperimentRun, reason: String)
    /// What came of it, or was there already, has labelled the test data.
    case measured(ExperimentRun, ModelEvaluation)
}
