import Tracking
import Runs
import MLflow
import Plots
import Report
import Training

extension TrackedRun {
    /// What was measured at every step, as it was logged.
    var histories: [RunReport.History] {
        let metrics = ["train_loss", "learning_rate", "gradient_norm", "train_tokens_per_second"]
        return points(of: metrics).map { name, points in
            RunReport.History(name: name, axis: .step, values: points.map { (at: $0.step, value: $0.value) })
        }
    }

    /// Logs how a finished training came out: the kept epoch's figures, reports, predictions, charts and the page.
    ///
    /// - Parameters:
    ///   - results: How it came out.
    ///   - histories: What was measured at every step.
    ///   - environment: The machine and the program, for the page.
    ///   - directory: Where the checkpoint is, and the page is put too.
    /// - Returns: What a person should know, where the run's charts or page cannot be made.
    func log(
        _ results: TrainingResults, histories: [RunReport.History], environment: [KeyValue],
        besideModelIn directory: RunDirectory
    ) -> String? {
        let training = results.training
        log(bestEpochOf: training)
        if let test = results.test { log(metrics: test.figures.metrics("test"), step: training.lastStep) }
        for (path, bytes) in ModelEvaluation.artifacts(development: training.development, test: results.test) {
            log(artifact: bytes, as: path)
        }
        if directory.checkpointFiles.contains("training.json") { log(file: "training.json", as: "training.json") }
        return log(
            report: results.report(histories: histories, environment: environment), besideModelIn: directory)
    }

    /// Logs the kept epoch's figures: the last `val_` figures are the last epoch's, which it need not be.
    func log(bestEpochOf training: FinishedTraining) {
        log(
            metrics: [(key: "best_epoch", value: Double(training.best.epoch))]
                + training.best.development.metrics("best_val"), step: training.lastStep)
    }

    /// Logs a report's charts and its page.
    ///
    /// - Parameters:
    ///   - report: Of this run.
    ///   - directory: Where the page is put too.
    /// - Returns: What a person should know, where they cannot be made.
    func log(report: RunReport, besideModelIn directory: RunDirectory) -> String? {
        do {
            for (path, bytes) in try report.artifacts() { log(artifact: bytes, as: path) }
            let page = Array(try report.page().utf8)
            log(artifact: page, as: Self.page)
            try directory.write(page, named: Self.page)
            return nil
        } catch {
            return "the run's charts and page are not complete: \(error)"
        }
    }

    private static let page = "report.html"
}

extension FinishedTraining {
    fileprivate var lastStep: Int { history.last?.step ?? best.step }
}

extension RunReport {
    /// Every chart as PNG and SVG, by their paths among a run's artifacts; the confusion matrix that has the last word
    /// is at the top too.
    ///
    /// - Throws: `CanvasError` where Cairo cannot draw.
    fileprivate func artifacts() throws(CanvasError) -> [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = []
        for (name, chart) in charts {
            let png = try chart.png()
            files.append(("plots/\(name).png", png))
            files.append(("plots/\(name).svg", try chart.svg()))
            if name == "\(test == nil ? "val" : "test")_confusion_matrix" {
                files.append(("confusion_matrix.png", png))
            }
        }
        return files
    }
}

extension RunReport.DataSet {
    /// A part of a run's data.
    init(_ part: DataRecord.Part, name: String) {
        let items = [(name: part.sentences == nil ? "texts" : "abstracts", count: part.items)]
        self.init(
            name: "\(name): \(part.files.map(\.name).joined(separator: ", "))",
            counts: items + (part.sentences.map { [(name: "sentences", count: $0)] } ?? [])
                + part.labels.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) },
            sha256: part.sha256)
    }
}
