import Model
public import Runs

/// The results of a finished run, whose checkpoint is in place.
public struct FinishedTraining: Sendable {
    /// The recipe of the run.
    public let recipe: Recipe
    /// The label names, in the order of the head's rows.
    public let labels: [String]
    /// The training and development data.
    public let data: DataRecord
    /// The name of the trained model.
    public let name: String
    /// The records of all epochs.
    public let history: [EpochRecord]
    /// The record of the best epoch, whose checkpoint is kept.
    public let best: EpochRecord
    /// The evaluation of the kept checkpoint on the development data.
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
    /// Returns the results of the finished run of a job. Its checkpoint is evaluated again.
    ///
    /// - Parameters:
    ///   - job: The job of the run.
    ///   - history: The records of all epochs, as returned by ``progress(of:)``.
    ///   - best: The record of the best epoch.
    /// - Returns: The results.
    /// - Throws: An error of the checkpoint files.
    package func finishedTraining(
        of job: TrainingJob, history: [EpochRecord], best: EpochRecord
    ) throws -> FinishedTraining {
        FinishedTraining(
            job, history: history, best: best, development: try ModelEvaluation(checkpoint: path, of: job))
    }
}
