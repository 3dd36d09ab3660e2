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
    public private(set) var test: Predictions?
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
    ///   - directory: Where to write the model and `baseline.json`, which comes last; `nil` to keep it in memory alone. Both
    ///     are there before the test data are looked at.
    ///   - report: Is told after each pass.
    ///   - shouldStop: Is asked between two passes.
    /// - Throws: `TrainingError` or `CorpusError`; `CancellationError` where it was asked to stop, and nothing is left of it.
    public init(
        _ recipe: BaselineRecipe, training: LabelledCorpus, development: LabelledCorpus? = nil,
        test: LabelledCorpus? = nil, labels: [String]? = nil, directory: RunDirectory? = nil,
        report: (BaselineProgress) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws {
        try recipe.check()
        let prepared = try PreparedData(recipe.sampling, training: training, development: development, labels: labels)
        let data = try BaselineData(prepared, task: recipe.task)
        let testing = try test.map { try $0.items.prepared(for: recipe.task) }
        // A label that is not learnt is found before anything is trained.
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

    /// A baseline that was trained before; it is measured on the development data again.
    ///
    /// - Parameters:
    ///   - directory: Where it was written.
    ///   - recipe: What it should have been trained by.
    ///   - training: What it should have learnt from.
    ///   - development: What it should have been chosen on; `nil` for a share of the training data.
    ///   - labels: The label names in order; `nil` for the corpus' own.
    /// - Throws: `TrainingError.state` where it came about otherwise; ``BaselineError`` or `CheckpointError` where it cannot be
    ///   read; `CorpusError`.
    public init(
        finishedIn directory: RunDirectory, _ recipe: BaselineRecipe, training: LabelledCorpus,
        development: LabelledCorpus? = nil, labels: [String]? = nil
    ) throws {
        let files = try CheckpointDirectory(path: directory.path)
        record = try BaselineRecord(readFrom: files)
        let prepared = try PreparedData(recipe.sampling, training: training, development: development, labels: labels)
        let differences = record.differences(recipe, prepared)
        guard differences.isEmpty else {
            throw TrainingError.state(
                "\(directory.path) holds a baseline that came about otherwise: it differs in \(differences.joined(separator: ", ")). Give another directory, or move it away."
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
        // Without a record the weights are nothing, and would be in the next one's way.
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
            throw Self.unwritten(error)
        }
        try writeRecord(to: directory)
        isWhole = true
    }

    private func writeRecord(to directory: RunDirectory) throws {
        do {
            try directory.write(try RecordJSON.encode(record), named: BaselineRecord.fileName)
        } catch {
            throw Self.unwritten(error)
        }
    }

    private static func unwritten(_ error: any Error) -> TrainingError {
        .output("the trained baseline cannot be written: \(error)")
    }
}

extension BaselineRecord {
    /// What differs from a baseline that would be trained now, in words; empty where nothing does.
    fileprivate func differences(_ recipe: BaselineRecipe, _ data: PreparedData) -> [String] {
        var differences: [String] = []
        if self.recipe != recipe {
            differences = zip(recipe.options, self.recipe.options).filter { $0 != $1 }
                .map { "\($0.option) (\($1.option == $0.option ? $1.value : "none") then, \($0.value) now)" }
        }
        if training.sha256 != data.trainingPart.sha256 { differences.append("the training data") }
        if development.sha256 != data.developmentPart.sha256 { differences.append("the development data") }
        if labels != data.labels { differences.append("the labels") }
        return differences
    }
}
