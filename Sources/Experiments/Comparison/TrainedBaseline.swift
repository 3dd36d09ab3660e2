public import Baselines
public import Corpora
internal import Evaluation
internal import FoundationEssentials
import Runs
import Training

/// A baseline that is trained for a comparison.
public struct TrainedBaseline: ComparedModel {
    /// Name of the variant.
    public let system: String
    /// The run, with the directory in which the baseline is trained.
    public let run: ExperimentRun
    /// Names of the labels that the baseline will predict.
    public let labels: Set<String>
    private let recipe: BaselineRecipe
    private let training: LabelledCorpus
    private let development: LabelledCorpus?

    /// Creates a baseline for a comparison.
    ///
    /// - Parameters:
    ///   - system: The name of the variant.
    ///   - run: The run, with its name, the settings of the variant and the directory.
    ///   - recipe: The recipe of the baseline.
    ///   - training: The training data.
    ///   - development: The development data; `nil` to hold out a fraction of `training`.
    ///   - labels: The names of the labels that the baseline will predict.
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

    /// Trains the baseline, unless it is already trained. A training that was stopped starts again from the beginning.
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
