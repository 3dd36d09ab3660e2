public import Baselines
import Evaluation
public import MLflow
import Report
public import Runs
public import Tracking
public import Training

/// An observer that records the training and results of a baseline for MLflow.
public struct BaselineTracker: RunObserver, Sendable {
    /// The tracked run.
    public let run: TrackedRun
    /// The tracked run as a list.
    public var runs: [TrackedRun] { [run] }
    private let recipe: BaselineRecipe
    /// The directory of the model.
    private let directory: RunDirectory

    /// Creates an observer and logs the recipe.
    ///
    /// - Parameters:
    ///   - run: The tracked run, whose directory is `directory`.
    ///   - recipe: The recipe of the baseline.
    ///   - directory: The directory of the model.
    public init(_ run: TrackedRun, recipe: BaselineRecipe, directory: RunDirectory) {
        self.run = run
        self.recipe = recipe
        self.directory = directory
        run.log(params: recipe.options.map { KeyValue(option: $0.option, $0.value) })
    }

    /// Records a training pass.
    public func record(_ progress: BaselineProgress) {
        var metrics: [(key: String, value: Double)] = []
        if let loss = progress.trainingLoss { metrics.append(("train_loss", loss)) }
        if let loss = progress.developmentLoss { metrics.append(("val_loss", loss)) }
        if let figure = progress.figure { metrics.append((figureMetric, figure)) }
        if !metrics.isEmpty { run.log(metrics: metrics, step: progress.passes) }
    }

    /// The metric name of the figure by which the best pass is selected.
    private var figureMetric: String { "val_\(recipe.figure.rawValue.replacing("-", with: "_"))" }

    /// Records the results and the files of the model, and ends the run.
    ///
    /// - Parameters:
    ///   - outcome: The trained baseline.
    ///   - test: The evaluation on test data and their description, if `outcome` has none.
    ///   - environment: A description of the machine and the program for the report page.
    /// - Returns: A warning if the charts or the report page could not be written; otherwise `nil`.
    public func finish(
        _ outcome: BaselineRun, test: (evaluation: ModelEvaluation, data: DataRecord.Part)? = nil,
        environment: [KeyValue] = []
    ) -> String? {
        let record = outcome.record
        let testData = test?.data ?? record.test
        let test = test?.evaluation ?? outcome.test.map { ModelEvaluation($0) }
        run.log(tags: RunTags.data(training: record.training, development: record.development, test: testData))
        run.log(params: [
            KeyValue("labels", record.labels.joined(separator: ",")),
            KeyValue("train_items", "\(record.training.items)"), KeyValue("dev_items", "\(record.development.items)"),
        ])
        let parts = [(record.training, "train"), (record.development, "dev")]
        run.log(datasets: DatasetInput.parts(parts + (testData.map { [($0, "test")] } ?? [])))
        let development = ModelEvaluation(outcome.development, thresholds: outcome.baseline.thresholds)
        let metrics: [(key: String, value: Double)] = [
            ("train_runtime", record.seconds), ("train_processor_seconds", record.processorSeconds),
            ("microseconds_per_\(record.cost.unit)", record.cost.microseconds), ("model_bytes", Double(record.bytes)),
        ]
        run.log(
            metrics: metrics + development.figures.metrics("best_val") + (test?.figures.metrics("test") ?? []), step: 0)
        for (path, bytes) in ModelEvaluation.artifacts(development: development, test: test) {
            run.log(artifact: bytes, as: path)
        }
        var report = report(outcome, development, test)
        if let testData { report.data.append(RunReport.DataSet(testData, name: "test")) }
        report.environment = environment.map { (name: $0.key, value: $0.value) }
        let warning = run.log(report: report, besideModelIn: directory)
        for name in record.fileNames { run.log(file: name, as: "baseline/\(name)") }
        run.finish(.finished)
        return warning
    }

    private func report(
        _ outcome: BaselineRun, _ development: ModelEvaluation, _ test: ModelEvaluation?
    ) -> RunReport {
        let record = outcome.record
        var report = RunReport(
            title: directory.name,
            subtitle:
                "\(recipe.settings.kind.rawValue) for \(recipe.task.rawValue), trained on \(record.training).",
            development: development.predictions, test: test?.predictions)
        report.thresholds = development.thresholds
        report.histories = run.points(of: ["train_loss", "val_loss", figureMetric])
            .map { name, points in
                RunReport.History(name: name, axis: .epoch, values: points.map { (at: $0.step, value: $0.value) })
            }
        report.parameters = recipe.options.map { (name: $0.option, value: $0.value) }
        report.data = [
            RunReport.DataSet(record.training, name: "training"),
            RunReport.DataSet(record.development, name: "development"),
        ]
        return report
    }
}
