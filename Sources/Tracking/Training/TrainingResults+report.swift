import Evaluation
public import Plots
public import Report
import Model
import Training

extension TrainingResults {
    /// The run as a page and as charts.
    ///
    /// - Parameters:
    ///   - steps: What was measured at every step.
    ///   - environment: The machine and the program.
    /// - Returns: What can be written as a page, and drawn.
    public func report(steps: [RunReport.History], environment: [(name: String, value: String)]) -> RunReport {
        let recipe = job.recipe
        var report = RunReport(
            title: job.configuration.name ?? recipe.task.rawValue,
            subtitle:
                "\(recipe.task.rawValue) from \(job.data.base), \(job.data.training) to learn from; epoch \(best.epoch) of \(history.count) is kept.",
            development: development.predictions, test: test?.predictions)
        report.thresholds = development.thresholds
        report.histories = steps + epochs
        report.parameters = recipe.settings.map { (name: $0.option, value: $0.value) }
        report.data = [("training", job.data.training), ("development", job.data.development)].map(Self.dataSet)
        if let testData { report.data.append(Self.dataSet("test", testData)) }
        report.environment = environment
        return report
    }

    /// Every epoch's figures.
    private var epochs: [RunReport.History] {
        var names: [String] = []
        var values: [String: [(at: Int, value: Double)]] = [:]
        for record in history {
            let figures = [(key: "train_loss", value: record.trainingLoss)] + record.development.metrics("val")
            for (name, value) in figures {
                if values[name] == nil { names.append(name) }
                values[name, default: []].append((record.epoch, value))
            }
        }
        return names.map { RunReport.History(name: $0, axis: .epoch, values: values[$0] ?? []) }
    }

    private static func dataSet(_ name: String, _ part: DataRecord.Part) -> RunReport.DataSet {
        let items = [(name: part.sentences == nil ? "texts" : "abstracts", count: part.items)]
        return RunReport.DataSet(
            name: "\(name): \(part.files.map(\.name).joined(separator: ", "))",
            counts: items + (part.sentences.map { [(name: "sentences", count: $0)] } ?? [])
                + part.labels.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) },
            sha256: part.sha256)
    }
}

extension RunReport {
    /// Every chart as PNG and SVG, by their paths among a run's artifacts; the confusion matrix that has the last word
    /// is at the top too.
    ///
    /// - Throws: `CanvasError` where Cairo cannot draw.
    public func artifacts() throws(CanvasError) -> [(path: String, bytes: [UInt8])] {
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
