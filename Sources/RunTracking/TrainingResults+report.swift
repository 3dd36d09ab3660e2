import Tracking
import Runs
import Evaluation
import MLflow
import Report
import Training

extension TrainingResults {
    /// The run as a page and as charts.
    ///
    /// - Parameters:
    ///   - histories: What was measured at every step.
    ///   - environment: The machine and the program.
    /// - Returns: What can be written as a page, and drawn.
    func report(histories: [RunReport.History], environment: [KeyValue]) -> RunReport {
        let (recipe, data) = (training.recipe, training.data)
        var report = RunReport(
            title: training.name,
            subtitle:
                "\(recipe.task.rawValue) from \(data.base), \(data.training) to learn from; epoch \(training.best.epoch) of \(training.history.count) is kept.",
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

    /// Every epoch's figures.
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
