import Evaluation
import MLflow
import Report
import Runs
import Tracking
import Training

extension TrainingResults {
    /// Returns the report of the run, which can be written as a page and charts.
    ///
    /// - Parameters:
    ///   - histories: The metrics that were logged at every step.
    ///   - environment: A description of the machine and the program.
    /// - Returns: The report.
    func report(histories: [RunReport.History], environment: [KeyValue]) -> RunReport {
        let (recipe, data) = (training.recipe, training.data)
        var report = RunReport(
            title: training.name,
            subtitle:
                "\(recipe.task.rawValue) from \(data.base), trained on \(data.training); best epoch: \(training.best.epoch) of \(training.history.count).",
            development: training.development.predictions, test: test?.predictions)
        report.thresholds = training.development.thresholds
        report.histories = histories + epochs
        report.parameters = recipe.settings.map { (name: $0.option, value: $0.value) }
        report.data = [
            RunReport.DataSet(data.training, name: "training"),
            RunReport.DataSet(data.development, name: "development"),
        ]
        if let testData { report.data.append(RunReport.DataSet(testData, name: "test")) }
        report.environment = environment.map { (name: $0.key, value: $0.value) }
        return report
    }

    /// The metrics of every epoch.
    private var epochs: [RunReport.History] {
        var names: [String] = []
        var values: [String: [(at: Int, value: Double)]] = [:]
        for record in training.history {
            let figures = [(key: "train_loss", value: record.trainingLoss)] + record.development.metrics("val")
            for (name, value) in figures {
                if values[name] == nil { names.append(name) }
                values[name, default: []].append((record.epoch, value))
            }
        }
        return names.map { RunReport.History(name: $0, axis: .epoch, values: values[$0] ?? []) }
    }
}
