import Checkpoint
public import Evaluation
import Labelling
public import Training

/// A baseline with how it was trained and what it was measured on.
public struct BaselineRun {
    /// The model.
    public let baseline: Baseline
    /// Every sentence or text of the development data.
    public let development: Predictions
    /// Every one of the test data, where there are any.
    public let test: Predictions?
    /// Data, figures, time and cost.
    public private(set) var record: BaselineRecord

    /// Trains a baseline and measures it.
    ///
    /// - Parameters:
    ///   - recipe: Every choice.
    ///   - training: What to learn from.
    ///   - development: What to choose on; `nil` to set a share of the training data apart.
    ///   - test: What to measure on besides; nothing is chosen on it.
    ///   - labels: The label names in order; `nil` for the corpus' own.
    ///   - directory: Where to write the model and `baseline.json`, which comes last; `nil` to keep it in memory alone.
    ///   - report: Is told after each pass.
    /// - Throws: `TrainingError` or `CorpusError`.
    public init(
        _ recipe: BaselineRecipe, training: LabelledCorpus, development: LabelledCorpus? = nil,
        test: LabelledCorpus? = nil, labels: [String]? = nil, directory: RunDirectory? = nil,
        report: (BaselineProgress) -> Void = { _ in }
    ) throws {
        try recipe.check()
        let prepared = try PreparedData(recipe.sampling, training: training, development: development, labels: labels)
        let data = try BaselineData(prepared, task: recipe.task)
        let lock = try directory?.open(resuming: false, bytes: 0)
        defer { withExtendedLifetime(lock) {} }
        let clock = ContinuousClock()
        let (start, work) = (clock.now, ProcessorTime.ofProcess)
        let model = try Self.fit(data, recipe, report)
        let seconds = (clock.now - start) / .seconds(1)
        let processorSeconds = ProcessorTime.ofProcess - work
        let before = ProcessorTime.ofThread
        let probabilities = try model.probabilities(of: data.measuring, threads: 1)
        let taken = ProcessorTime.ofThread - before
        let (predictions, thresholds) = data.evaluate(probabilities)
        baseline = Baseline(recipe: recipe, labels: data.labels, thresholds: thresholds, model: model)
        self.development = predictions
        self.test = try test.map { [baseline] in try baseline.predictions(for: $0) }
        record = BaselineRecord(
            recipe: recipe, labels: data.labels, training: prepared.trainingPart,
            development: prepared.developmentPart,
            developmentFigures: Figures(predictions, thresholds: thresholds),
            test: try test.map { DataRecord.Part(try $0.items.prepared(for: recipe.task), sources: $0.sources) },
            testFigures: self.test.map { Figures($0) }, seconds: seconds, processorSeconds: processorSeconds,
            cost: BaselineRecord.Cost(
                unit: recipe.task == .sentence ? "abstract" : "text",
                microseconds: 1e6 * taken / Double(prepared.measuredItems)))
        if let directory { try write(to: directory) }
    }

    private static func fit(
        _ data: BaselineData, _ recipe: BaselineRecipe, _ report: (BaselineProgress) -> Void
    ) throws -> any BaselineModel {
        switch recipe.settings {
        case .tfidfSGD(let settings):
            try LinearClassifier(fitting: data, settings: settings, recipe: recipe, report: report)
        case .boostedTrees(let settings):
            try BoostedTrees(fitting: data, settings: settings, recipe: recipe, report: report)
        case .gru(let settings):
            try RecurrentClassifier(fitting: data, settings: settings, recipe: recipe, report: report)
        }
    }

    private mutating func write(to directory: RunDirectory) throws {
        do {
            var names = try baseline.model.write(to: directory)
            if let thresholds = baseline.thresholds {
                try thresholds.write(toDirectory: directory.path, labels: baseline.labels)
                names.append(Thresholds.fileName)
            }
            record.files = try BaselineFiles.entries(names, in: directory)
            try directory.write(
                try RecordJSON.encode(record), to: "\(directory.path)/\(BaselineRecord.fileName)")
        } catch {
            throw TrainingError.output("the trained baseline cannot be written: \(error)")
        }
        directory.remove(directory.statePath)
    }
}
