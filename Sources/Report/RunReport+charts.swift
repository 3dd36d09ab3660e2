import Evaluation
public import Plots

extension RunReport {
    /// All charts of the report: the curves, the final metrics, then the charts of each part. Each name is a file name
    /// without extension.
    public var charts: [(name: String, chart: any Chart)] {
        curves + [("final_metrics", finalMetrics)] + parts.flatMap(charts)
    }

    /// Charts of the metrics over time: one for each metric by step, and one for each group of similar metrics by epoch.
    var curves: [(name: String, chart: any Chart)] {
        let bySteps = histories.filter { $0.axis == .step }.map { history -> (name: String, chart: any Chart) in
            let points = history.points
            let chart =
                history.isLoss
                ? LineChart(title: history.name, xTitle: "step", yTitle: "loss", smoothing: history.name, points)
                : LineChart(
                    title: history.name, xTitle: "step", yTitle: history.name,
                    series: [LineChart.Series(name: history.name, points: points)])
            return (history.fileName, chart)
        }
        let byEpoch = histories.filter { $0.axis == .epoch }
        let shares = byEpoch.filter { !$0.isLoss && $0.isShare }
        let groups: [(name: String, title: String, yTitle: String, members: [History])] = [
            ("loss_by_epoch", "Loss by epoch", "loss", byEpoch.filter(\.isLoss)),
            ("accuracy", "Accuracy by epoch", "accuracy", shares.filter { $0.name.lowercased().contains("accuracy") }),
            ("f1", "F1 by epoch", "F1", shares.filter { $0.name.lowercased().contains("f1") }),
            ("metrics", "All metrics by epoch", "value", shares),
        ]
        let others = byEpoch.filter { !$0.isLoss && !$0.isShare }.map {
            (name: $0.fileName, title: "\($0.name) by epoch", yTitle: $0.name, members: [$0])
        }
        return bySteps
            + (groups + others).filter { !$0.members.isEmpty }.map { group in
                (
                    group.name,
                    LineChart(
                        title: group.title, xTitle: "epoch", yTitle: group.yTitle,
                        series: group.members.map { LineChart.Series(name: $0.name, points: $0.points) })
                )
            }
    }

    /// The final metrics of all parts side by side.
    var finalMetrics: BarChart {
        BarChart(
            title: "Final metrics", xTitle: "value", figures: parts.first?.figures.map(\.name) ?? [],
            runs: parts.map { BarChart.Run(name: $0.title, values: $0.figures.map(\.value)) })
    }

    /// Returns the charts of one part: confusion, reliability, and precision and recall.
    func charts(_ part: Part) -> [(name: String, chart: any Chart)] {
        let predictions = part.predictions
        let title = part.title.lowercased()
        let curves = PrecisionRecallChart(
            title: "Precision and recall by label, \(title)", predictions: predictions, thresholds: thresholds)
        return [
            ("\(part.prefix)_confusion_matrix", confusion(part)),
            (
                "\(part.prefix)_reliability",
                ReliabilityDiagram(
                    title: "Reliability\(predictions.areExclusive ? "" : " of all labels"), \(title)",
                    calibration: predictions.calibration)
            ),
            ("\(part.prefix)_precision_recall", curves),
        ]
    }

    private func confusion(_ part: Part) -> any Chart {
        let (predictions, title) = (part.predictions, part.title.lowercased())
        return predictions.areExclusive
            ? ConfusionChart(title: "Confusion matrix, \(title)", matrix: predictions.confusionMatrix)
            : LabelConfusionChart(
                title: "Confusion of each label, \(title)", confusions: LabelConfusions(predictions.multiLabelCounts))
    }
}

extension RunReport.History {
    fileprivate var points: [Point] { values.map { Point(x: Double($0.at), y: $0.value) } }
    fileprivate var isLoss: Bool { name.lowercased().contains("loss") }
    fileprivate var isShare: Bool { values.allSatisfy { !$0.value.isFinite || (0...1).contains($0.value) } }

    /// The name with every character that is not a letter, digit, `_` or `-` replaced, so that it cannot leave a
    /// directory.
    fileprivate var fileName: String {
        String(
            name.map { character in
                character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
                    ? character : "_"
            })
    }
}
