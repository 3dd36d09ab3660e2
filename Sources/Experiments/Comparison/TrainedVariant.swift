public import Corpora
import Runs
public import Training

/// A variant of a recipe whose checkpoint is trained for a comparison.
public struct TrainedVariant: ComparedModel {
    /// Name of the variant.
    public let system: String
    /// The run, with the settings of the variant and the directory in which it is trained.
    public let run: ExperimentRun
    /// Names of the labels that the checkpoint will predict.
    public let labels: Set<String>
    private let task: TrainingTask
    private let threads: Int
    private let savingInterval: Double
    private let makeJob: @Sendable () throws -> TrainingJob

    /// Creates a variant for a comparison.
    ///
    /// - Parameters:
    ///   - system: The name of the variant.
    ///   - run: The run, with its name, the settings of the variant and the directory.
    ///   - recipe: The recipe of the job.
    ///   - labels: The names of the labels that the checkpoint will predict.
    ///   - savingInterval: The number of seconds between saves of the training state.
    ///   - makeJob: A closure that creates the job; it is called only when the variant is trained, so that only one job is
    ///     in memory at a time.
    public init(
        system: String, run: ExperimentRun, recipe: Recipe, labels: Set<String>, savingInterval: Double = 600,
        makeJob: @escaping @Sendable () throws -> TrainingJob
    ) {
        self.system = system
        self.run = run
        self.labels = labels
        task = recipe.task
        threads = recipe.threads
        self.savingInterval = savingInterval
        self.makeJob = makeJob
    }

    /// Trains the variant or resumes its training, unless it is already trained.
    public func prepare(report: (ExperimentEvent) -> Void, shouldStop: () -> Bool) throws -> Bool {
        let ending = try run.train(
            makeJob(), savingInterval: savingInterval, report: report, shouldStop: shouldStop)
        if case .stopped = ending { return false }
        return true
    }

    /// Labels the test data with the checkpoint.
    public func measure(on test: LabelledCorpus) throws -> Measurement {
        try Measurement(system: system, run: run, task: task, on: test, threads: threads)
    }
}
