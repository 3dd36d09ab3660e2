import Checkpoint
public import MLflow
import Plots
import Report
public import Training

/// Writes down for MLflow what happens in a training run.
public struct TrainingTracker: Sendable {
    /// The run.
    public let run: TrackedRun
    private let recipe: Recipe
    private let data: DataRecord
    /// Where the finished checkpoint is put.
    private let directory: RunDirectory

    /// Tells what the run is made of: its settings and its data.
    public init(_ run: TrackedRun, job: TrainingJob, directory: RunDirectory) {
        self.run = run
        self.directory = directory
        recipe = job.recipe
        data = job.data
        run.log(
            params: job.recipe.settings.map { setting in
                KeyValue(String(setting.option.drop { $0 == "-" }).replacing("-", with: "_"), setting.value)
            } + [
                KeyValue("base", job.data.base), KeyValue("labels", job.labels.joined(separator: ",")),
                KeyValue("train_items", "\(job.data.training.items)"),
                KeyValue("dev_items", "\(job.data.development.items)"),
            ])
        run.log(datasets: DatasetInput.parts([(data.training, "train"), (data.development, "dev")]))
    }

    /// Writes down an event.
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
        // The last epoch may be a part.
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

    /// Writes down how the run came out, with the checkpoint, and ends it.
    ///
    /// - Parameters:
    ///   - results: How it came out.
    ///   - environment: The machine and the program, for the page.
    ///   - registered: The registered model that the checkpoint becomes a version of.
    ///   - aliases: What then points at this version.
    /// - Returns: What a person should know, where the run's charts or page cannot be made.
    public func finish(
        _ results: TrainingResults, environment: [KeyValue] = [], registered: String? = nil, aliases: [String] = []
    ) -> String? {
        let step = results.history.last?.step ?? results.best.step
        // The last val_ figures are the last epoch's, which need not be the kept checkpoint's.
        var metrics = [(key: "best_epoch", value: Double(results.best.epoch))]
        metrics += results.best.development.metrics("best_val")
        if let test = results.test { metrics += test.figures.metrics("test") }
        run.log(metrics: metrics, step: step)
        if let testData = results.testData {
            let inputs = DatasetInput.parts([(data.training, "train"), (data.development, "dev"), (testData, "test")])
            run.log(datasets: Array(inputs.suffix(1)))
        }
        for (path, bytes) in results.artifacts { run.log(artifact: bytes, as: path) }
        let warning = report(results, environment)
        let files = directory.checkpointFiles + checksums()
        if files.contains("training.json") { run.log(file: "training.json", as: "training.json") }
        run.log(
            model: TrackedModel(
                files: files, task: recipe.task.rawValue, step: results.best.step, time: Timestamp.now(),
                registered: registered, aliases: aliases))
        run.finish(.finished)
        return warning
    }

    /// Writes the SHA-256 of every file of the checkpoint as `sha256sum` does, so that whoever fetches it knows it to be whole.
    ///
    /// - Returns: The file's name, where it could be written.
    private func checksums() -> [String] {
        let lines = directory.checkpointFiles.compactMap { file in
            SHA256.hexadecimal(ofFile: "\(directory.path)/\(file)").map { "\($0)  \(file)\n" }
        }
        let written: Void? = try? directory.write(Array(lines.joined().utf8), named: ModelCache.checksums)
        return written == nil ? [] : [ModelCache.checksums]
    }

    /// Logs the run's charts and its page, which is put beside the checkpoint too.
    private func report(_ results: TrainingResults, _ environment: [KeyValue]) -> String? {
        let stepMetrics = ["train_loss", "learning_rate", "gradient_norm", "train_tokens_per_second"]
        let steps = run.points(of: stepMetrics).map { name, points in
            RunReport.History(name: name, axis: .step, values: points.map { (at: $0.step, value: $0.value) })
        }
        let report = results.report(steps: steps, environment: environment.map { (name: $0.key, value: $0.value) })
        do {
            for (path, bytes) in try report.artifacts() { run.log(artifact: bytes, as: path) }
            let page = Array(try report.page().utf8)
            run.log(artifact: page, as: Self.page)
            try directory.write(page, named: Self.page)
            return nil
        } catch {
            return "the run's charts and page are not complete: \(error)"
        }
    }

    private static let page = "report.html"
}
