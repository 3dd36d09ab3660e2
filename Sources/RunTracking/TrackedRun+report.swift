import MLflow
import Plots
import Report
import Runs
import Tracking
import Training

extension TrackedRun {
    /// The metrics that were logged at every step.
    var histories: [RunReport.History] {
        let metrics = ["train_loss", "learning_rate", "gradient_norm", "train_tokens_per_second"]
        return points(of: metrics).map { name, points in
            RunReport.History(name: name, axis: .step, values: points.map { (at: $0.step, value: $0.value) })
        }
    }

    /// Logs the results of a finished training: metrics of the best epoch, reports, predictions, charts and the report
    /// page.
    ///
    /// - Parameters:
    ///   - results: The results.
    ///   - histories: The metrics that were logged at every step.
    ///   - environment: A description of the machine and the program for the report page.
    ///   - directory: The directory of the checkpoint, into which the report page is also written.
    /// - Returns: A warning if the charts or the report page could not be written; otherwise `nil`.
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

    /// Logs the metrics of the best epoch. The last logged `val_` metrics are those of the last epoch, which need not
    /// be the best.
    func log(bestEpochOf training: FinishedTraining) {
        log(
            metrics: [(key: "best_epoch", value: Double(training.best.epoch))]
                + training.best.development.metrics("best_val"), step: training.lastStep)
    }

    /// Logs the charts and the page of a report.
    ///
    /// - Parameters:
    ///   - report: The report of this run.
    ///   - directory: The directory into which the page is also written.
    /// - Returns: A warning if the charts or the page could not be written; otherwise `nil`.
    func log(report: RunReport, besideModelIn directory: RunDirectory) -> String? {
        do {
            for (path, bytes) in try report.artifacts() { log(artifact: bytes, as: path) }
            let page = Array(try report.page().utf8)
            log(artifact: page, as: Self.page)
            try directory.write(page, named: Self.page)
            return nil
        } catch {
            return "the charts and the report page could not be written completely: \(error)"
        }
    }

    private static let page = "report.html"
}

extension FinishedTraining {
    fileprivate var lastStep: Int { history.last?.step ?? best.step }
}

extension RunReport {
    /// Returns every chart as PNG and SVG with its artifact path. The most relevant confusion matrix is also at the top
    /// level.
    ///
    /// - Throws: `CanvasError` if Cairo cannot draw a chart.
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
    /// Creates the description of a part of a run's data.
    init(_ part: DataRecord.Part, name: String) {
        let items = [(name: part.sentences == nil ? "texts" : "abstracts", count: part.items)]
        self.init(
            name: "\(name): \(part.files.map(\.name).joined(separator: ", "))",
            counts: items + (part.sentences.map { [(name: "sentences", count: $0)] } ?? [])
                + part.labels.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) },
            sha256: part.sha256)
    }
}
