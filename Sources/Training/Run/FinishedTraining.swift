public import Runs
import Model

/// How a run came out, once its checkpoint is in place.
public struct FinishedTraining: Sendable {
    /// Every choice.
    public let recipe: Recipe
    /// The label names, in the order of the head's rows.
    public let labels: [String]
    /// What it learnt from and was measured on.
    public let data: DataRecord
    /// The trained model's own name.
    public let name: String
    /// Every epoch.
    public let history: [EpochRecord]
    /// The one that is kept.
    public let best: EpochRecord
    /// The kept checkpoint on the development data.
    public let development: ModelEvaluation

    init(_ job: TrainingJob, history: [EpochRecord], best: EpochRecord, development: ModelEvaluation) {
        recipe = job.recipe
        labels = job.labels
        data = job.data
        name = job.configuration.name ?? job.recipe.task.rawValue
        self.history = history
        self.best = best
        self.development = development
    }
}

extension RunDirectory {
    /// How the finished run of a job came out; its checkpoint is measured again.
    ///
    /// - Parameters:
    ///   - job: The run's.
    ///   - history: Every epoch, as ``progress(of:)`` found them.
    ///   - best: The one that is kept.
    /// - Returns: All of it.
    /// - Throws: An error of the checkpoint.
    package func finishedTraining(
        of job: TrainingJob, history: [EpochRecord], best: EpochRecord
    ) throws -> FinishedTraining {
        FinishedTraining(
            job, history: history, best: best, development: try ModelEvaluation(checkpoint: path, of: job))
    }
}
