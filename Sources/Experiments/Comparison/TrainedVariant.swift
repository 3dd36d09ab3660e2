public import Training

/// A recipe whose checkpoint is trained for the comparison.
public struct TrainedVariant: ComparedModel {
    /// The variant's name.
    public let system: String
    /// What the variant changes, and where it is trained.
    public let run: ExperimentRun
    /// The names of the labels it will give.
    public let labels: Set<String>
    private let task: TrainingTask
    private let threads: Int
    private let savingInterval: Double
    private let makeJob: @Sendable () throws -> TrainingJob

    /// A recipe.
    ///
    /// - Parameters:
    ///   - system: The variant's name.
    ///   - run: The run's own name, what the variant changes, and where it is trained.
    ///   - recipe: What its job is made by.
    ///   - labels: The names of the labels it will give.
    ///   - savingInterval: Seconds between two savings of its state.
    ///   - makeJob: Makes the job when its turn comes, so that one is in memory at a time.
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

    /// Trains it, or goes on, where it is not trained already.
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
