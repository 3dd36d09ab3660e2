public import Baselines
internal import Evaluation
internal import FoundationEssentials
public import Training

/// A baseline that is trained for the comparison.
public struct TrainedBaseline: ComparedModel {
    /// The variant's name.
    public let system: String
    /// Where it is trained.
    public let run: ExperimentRun
    /// The names of the labels it will give.
    public let labels: Set<String>
    private let recipe: BaselineRecipe
    private let training: LabelledCorpus
    private let development: LabelledCorpus?

    /// A baseline.
    ///
    /// - Parameters:
    ///   - system: The variant's name.
    ///   - run: The run's own name, what the variant changes, and where it is trained.
    ///   - recipe: Every choice.
    ///   - training: What it learns from.
    ///   - development: What its best pass is chosen on; `nil` for a share of `training`.
    ///   - labels: The names of the labels it will give.
    public init(
        system: String, run: ExperimentRun, recipe: BaselineRecipe, training: LabelledCorpus,
        development: LabelledCorpus?, labels: Set<String>
    ) {
        self.system = system
        self.run = run
        self.recipe = recipe
        self.training = training
        self.development = development
        self.labels = labels
    }

    /// Trains it where it is not trained already; one that was stopped begins anew.
    public func prepare(report: (ExperimentEvent) -> Void, shouldStop: () -> Bool) throws -> Bool {
        if shouldStop() { return false }
        if FileManager.default.fileExists(atPath: "\(run.directory.path)/\(BaselineRecord.fileName)") {
            let outcome = try BaselineRun(
                finishedIn: run.directory, recipe, training: training, development: development,
                labels: labels.sorted())
            report(.baselineBegan(run, recipe, isThere: true))
            report(.baselineFinished(run, outcome))
            return true
        }
        report(.baselineBegan(run, recipe, isThere: false))
        do {
            let outcome = try BaselineRun(
                recipe, training: training, development: development, labels: labels.sorted(),
                directory: run.directory, report: { report(.baselinePassed(run, $0)) }, shouldStop: shouldStop)
            report(.baselineFinished(run, outcome))
            return true
        } catch is CancellationError {
            return false
        }
    }

    /// Labels the test data with the baseline.
    public func measure(on test: LabelledCorpus) throws -> Measurement {
        let baseline = try Baseline(path: run.directory.path)
        let before = ProcessorTime.ofProcess
        let predictions = try baseline.predictions(for: test)
        let seconds = ProcessorTime.ofProcess - before
        return Measurement(
            system: system, run: run.name, evaluation: ModelEvaluation(predictions), task: recipe.task,
            processorSeconds: seconds)
    }
}
