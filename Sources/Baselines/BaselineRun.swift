import Checkpoint
public import Corpora
public import Evaluation
import Labelling
public import Runs

/// A trained baseline with its predictions and the record of its training.
public struct BaselineRun {
    /// The trained baseline.
    public let baseline: Baseline
    /// Predictions for the development data.
    public let development: Predictions
    /// Predictions for the test data, if there are any.
    public private(set) var test: Predictions?
    /// Record of the data, metrics, time and cost.
    public private(set) var record: BaselineRecord

    /// Trains and evaluates a baseline.
    ///
    /// - Parameters:
    ///   - recipe: The settings of the training.
    ///   - training: The training data.
    ///   - development: The development data; `nil` to hold out a fraction of the training data.
    ///   - test: The test data, if any; they influence no decision.
    ///   - labels: The label names in order; `nil` for the labels of the corpus.
    ///   - directory: The directory for the model and then `baseline.json`, both written before the test data are
    ///     evaluated; `nil` to keep the baseline in memory only.
    ///   - report: A closure that is called after each pass.
    ///   - shouldStop: A closure that is called between passes; return `true` to stop.
    /// - Throws: `TrainingError` or `CorpusError`; `CancellationError` if it was stopped, in which case no files remain.
    public init(
        _ recipe: BaselineRecipe, training: LabelledCorpus, development: LabelledCorpus? = nil,
        test: LabelledCorpus? = nil, labels: [String]? = nil, directory: RunDirectory? = nil,
        report: (BaselineProgress) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws {
        try recipe.check()
        let prepared = try PreparedData(recipe.dataPlan, training: training, development: development, labels: labels)
        let data = try BaselineData(prepared, task: recipe.task)
        let testing = try test.map { try $0.items.prepared(for: recipe.task) }
        // Find labels in the test data that are not in the training data before training begins.
        for text in try testing.map(BaselineData.texts) ?? [] {
            _ = try text.targets(among: data.labels, areExclusive: data.areExclusive)
        }
        let lock = try directory?.open(resuming: false, bytes: 0)
        defer {
            if let directory { directory.remove(directory.statePath) }
            withExtendedLifetime(lock) {}
        }
        let clock = ContinuousClock()
        let (start, work) = (clock.now, ProcessorTime.ofProcess)
        let model = try Self.fit(data, recipe) { progress in
            report(progress)
            if progress.passes < progress.most, shouldStop() { throw CancellationError() }
        }
        let seconds = (clock.now - start) / .seconds(1)
        let processorSeconds = ProcessorTime.ofProcess - work
        let before = ProcessorTime.ofThread
        let probabilities = try model.probabilities(of: data.measuring, threads: 1)
        let taken = ProcessorTime.ofThread - before
        let (predictions, thresholds) = data.evaluate(probabilities)
        baseline = Baseline(recipe: recipe, labels: data.labels, thresholds: thresholds, model: model)
        self.development = predictions
        record = BaselineRecord(
            recipe: recipe, labels: data.labels, training: prepared.trainingPart,
            development: prepared.developmentPart,
            developmentFigures: Figures(predictions, thresholds: thresholds),
            seconds: seconds, processorSeconds: processorSeconds,
            cost: BaselineRecord.Cost(
                unit: recipe.task == .sentence ? "abstract" : "text",
                microseconds: 1e6 * taken / Double(prepared.measuredItems)))
        if let directory { try write(to: directory) }
        guard let test, let testing else { return }
        let tested = try baseline.predictions(for: test)
        self.test = tested
        record.test = DataRecord.Part(testing, sources: test.sources)
        record.testFigures = Figures(tested)
        if let directory { try writeRecord(to: directory) }
    }

    /// Loads a baseline that was trained earlier and evaluates it on the development data again.
    ///
    /// - Parameters:
    ///   - directory: The directory of the baseline.
    ///   - recipe: The recipe that it must have been trained with.
    ///   - training: The data that it must have been trained on.
    ///   - development: The development data that it must have used; `nil` for a fraction of the training data.
    ///   - labels: The label names in order; `nil` for the labels of the corpus.
    /// - Throws: `TrainingError.state` if the baseline was trained differently; ``BaselineError`` or `CheckpointError` if it
    ///   cannot be loaded; `CorpusError` if the data cannot be used.
    public init(
        finishedIn directory: RunDirectory, _ recipe: BaselineRecipe, training: LabelledCorpus,
        development: LabelledCorpus? = nil, labels: [String]? = nil
    ) throws {
        let files = try CheckpointDirectory(path: directory.path)
        record = try BaselineRecord(readFrom: files)
        let prepared = try PreparedData(recipe.dataPlan, training: training, development: development, labels: labels)
        let differences = record.differences(recipe, prepared)
        guard differences.isEmpty else {
            throw TrainingError.state(
                "\(directory.path) holds a baseline that was trained with other settings or data: \(differences.joined(separator: ", ")). Choose another --out, or move the baseline away."
            )
        }
        baseline = try Baseline(record, in: files)
        let data = try BaselineData(prepared, task: recipe.task)
        self.development = Predictions(
            labels: baseline.labels, texts: data.measuring, targets: data.measuringTargets,
            probabilities: try baseline.model.probabilities(of: data.measuring, threads: recipe.threads),
            thresholds: baseline.thresholds)
    }

    private static func fit(
        _ data: BaselineData, _ recipe: BaselineRecipe, _ report: (BaselineProgress) throws -> Void
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
        // Without a record the weights are useless, and they would block the next run in this directory.
        var isWhole = false
        defer { if !isWhole { directory.remove("\(directory.path)/\(BaselineFiles.tensors)") } }
        do {
            var names = try baseline.model.write(to: directory)
            if let thresholds = baseline.thresholds {
                try thresholds.write(toDirectory: directory.path, labels: baseline.labels)
                names.append(Thresholds.fileName)
            }
            record.files = try BaselineFiles.entries(names, in: directory)
        } catch {
            throw Self.unwritten(error, to: directory)
        }
        try writeRecord(to: directory)
        isWhole = true
    }

    private func writeRecord(to directory: RunDirectory) throws {
        do {
            try directory.write(try RecordJSON.encode(record), named: BaselineRecord.fileName)
        } catch {
            throw Self.unwritten(error, to: directory)
        }
    }

    private static func unwritten(_ error: any Error, to directory: RunDirectory) -> TrainingError {
        .output("the trained baseline cannot be written to \(directory.path): \(FileFailure.reason(error)).")
    }
}

extension BaselineRecord {
    /// Describes each difference from a baseline that would be trained now.
    fileprivate func differences(_ recipe: BaselineRecipe, _ data: PreparedData) -> [String] {
        var differences: [String] = []
        if self.recipe != recipe {
            differences = zip(recipe.options, self.recipe.options).filter { $0 != $1 }
                .map { "\($0.option) (changed from \($1.option == $0.option ? $1.value : "none") to \($0.value))" }
        }
        if training.sha256 != data.trainingPart.sha256 { differences.append("the training data") }
        if development.sha256 != data.developmentPart.sha256 { differences.append("the development data") }
        if labels != data.labels { differences.append("the labels") }
        return differences
    }
}
