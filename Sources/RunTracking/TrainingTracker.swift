import Checkpoint
public import MLflow
import Plots
import Report
public import Runs
public import Tracking
public import Training

/// An observer that records the events and results of a training run for MLflow.
public struct TrainingTracker: RunObserver, Sendable {
    /// The tracked run.
    public let run: TrackedRun
    /// The tracked run as a list.
    public var runs: [TrackedRun] { [run] }
    private let recipe: Recipe
    private let data: DataRecord
    /// The directory of the finished checkpoint.
    private let directory: RunDirectory

    /// Creates an observer and logs the settings and data of the run.
    ///
    /// - Parameters:
    ///   - run: The tracked run.
    ///   - recipe: The recipe of the run.
    ///   - labels: The label names.
    ///   - data: The training and development data.
    ///   - directory: The directory of the finished checkpoint.
    public init(_ run: TrackedRun, recipe: Recipe, labels: [String], data: DataRecord, directory: RunDirectory) {
        self.run = run
        self.directory = directory
        self.recipe = recipe
        self.data = data
        run.log(
            tags: RunTags.data(training: data.training, development: data.development) + [
                KeyValue("rubricator.base", data.base)
            ])
        run.log(
            params: recipe.settings.map { KeyValue(option: $0.option, $0.value) } + [
                KeyValue("base", data.base), KeyValue("labels", labels.joined(separator: ",")),
                KeyValue("train_items", "\(data.training.items)"), KeyValue("dev_items", "\(data.development.items)"),
            ])
        run.log(datasets: DatasetInput.parts([(data.training, "train"), (data.development, "dev")]))
    }

    /// Records an event.
    public func record(_ event: TrainingEvent) {
        switch event {
        case .asked, .notSaved: break
        case .began(let summary):
            run.log(params: [KeyValue("parameters", "\(summary.parameters)"), KeyValue("steps", "\(summary.steps)")])
        case .step(let progress):
            run.log(
                metrics: [
                    ("train_loss", progress.loss), ("learning_rate", progress.learningRate),
                    ("gradient_norm", progress.gradientNorm), ("train_tokens_per_second", progress.tokensPerSecond),
                ], step: progress.step)
        case .evaluated(let record, _): evaluated(record)
        case .saved: run.synchronise()
        }
    }

    private func evaluated(_ record: EpochRecord) {
        // The last epoch may be shortened.
        let passes = min(Double(record.epoch), recipe.epochs)
        var metrics: [(key: String, value: Double)] = [
            ("epoch", passes), ("train_epoch_loss", record.trainingLoss), ("train_runtime", record.seconds),
            (
                "train_samples_per_second",
                record.seconds > 0 ? Double(data.training.items) * passes / record.seconds : 0
            ),
        ]
        metrics += record.development.metrics("val")
        if let masked = record.developmentWithMaskedNumbers {
            metrics += masked.metrics("val_masked_numbers").prefix(3)
        }
        run.log(metrics: metrics, step: record.step)
    }

    /// Records the results and the checkpoint, and ends the run.
    ///
    /// - Parameters:
    ///   - results: The results.
    ///   - environment: A description of the machine and the program for the report page.
    ///   - registered: The registered model of which the checkpoint becomes a version.
    ///   - aliases: The aliases that are moved to this version.
    /// - Returns: A warning if the charts or the report page could not be written; otherwise `nil`.
    public func finish(
        _ results: TrainingResults, environment: [KeyValue] = [], registered: String? = nil, aliases: [String] = []
    ) -> String? {
        if let testData = results.testData {
            run.log(tags: RunTags.data(test: testData))
            let inputs = DatasetInput.parts([(data.training, "train"), (data.development, "dev"), (testData, "test")])
            run.log(datasets: Array(inputs.suffix(1)))
        }
        let warning = run.log(
            results, histories: run.histories, environment: environment, besideModelIn: directory)
        run.log(
            model: TrackedModel(
                checkpointIn: directory, task: recipe.task, step: results.training.best.step, registered: registered,
                aliases: aliases))
        run.finish(.finished)
        return warning
    }
}

extension KeyValue {
    /// Creates a parameter from an option of the command line, such as `--learning-rate`, and its value.
    public init(option: String, _ value: String) {
        self.init(String(option.drop { $0 == "-" }).replacing("-", with: "_"), value)
    }
}

extension TrackedModel {
    /// Creates a model from the finished checkpoint in a run's directory, and writes the checksums of its files.
    ///
    /// - Parameters:
    ///   - directory: The directory of the tracked run.
    ///   - task: The task of the checkpoint.
    ///   - step: The number of steps taken.
    ///   - registered: The registered model of which the checkpoint becomes a version.
    ///   - aliases: The aliases that are moved to this version.
    init(checkpointIn directory: RunDirectory, task: TrainingTask, step: Int, registered: String?, aliases: [String]) {
        let files = directory.checkpointFiles
        // In the format of `sha256sum`, so that a download can be verified.
        let lines = files.compactMap { file in
            SHA256.hexadecimal(ofFile: "\(directory.path)/\(file)").map { "\($0)  \(file)\n" }
        }
        let written: Void? = try? directory.write(Array(lines.joined().utf8), named: ModelCache.checksums)
        self.init(
            files: files + (written == nil ? [] : [ModelCache.checksums]), task: task.rawValue, step: step,
            time: Timestamp.now(), registered: registered, aliases: aliases)
    }
}
