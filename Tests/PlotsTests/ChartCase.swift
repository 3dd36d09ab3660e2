import Evaluation
import Labelling
import Plots
import Testing

/// A chart, and the names that its text must contain.
struct ChartCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let chart: any Chart
    let names: [String]

    private init(_ description: String, _ chart: any Chart, names: [String]) {
        testDescription = description
        self.chart = chart
        self.names = names
    }

    static let roles = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]
    /// Markup, quotes, control characters, right-to-left text, a word too wide for any line, and an empty name.
    static let hostile = [
        "<script>alert('1')</script>", "\"a\" & b", "nul\0\u{1}\u{FFFE}\nend", "\u{202E}שלום", "👩‍👩‍👧 e\u{301}",
        String(repeating: "wide", count: 60), "",
    ]

    /// Returns one chart of each kind for the labels, including the two for predictions with any number of labels.
    static func all(_ kind: String, _ labels: [String]) -> [ChartCase] {
        let exclusive = predictions(labels, areExclusive: true)
        let multi = predictions(labels, areExclusive: false)
        let title = "Title of \(labels.first ?? "nothing")"
        let epochs = labels.enumerated().map { place, label in
            LineChart.Series(
                name: label, points: (1...6).map { Point(x: Double($0), y: 1 - 1 / Double($0 + place + 1)) })
        }
        let charts: [(String, any Chart)] = [
            ("lines", LineChart(title: title, xTitle: "epoch", yTitle: "F1", series: epochs)),
            (
                "logarithmic lines",
                LineChart(title: title, xTitle: "epoch", yTitle: "loss", series: epochs, isLogarithmic: true)
            ),
            (
                "bars",
                BarChart(
                    title: title, xTitle: "value", figures: labels,
                    runs: ["a", "b"].map { name in
                        BarChart.Run(name: name, values: labels.indices.map { 1 / Double($0 + 1) })
                    })
            ),
            ("confusion matrix", ConfusionChart(title: title, matrix: exclusive.confusionMatrix)),
            (
                "confusion of each label",
                LabelConfusionChart(title: title, confusions: LabelConfusions(multi.multiLabelCounts))
            ),
            ("precision and recall", PrecisionRecallChart(title: title, predictions: exclusive)),
            (
                "precision and recall at thresholds",
                PrecisionRecallChart(
                    title: title, predictions: multi, thresholds: Thresholds(count: labels.count))
            ),
            (
                "differences",
                ForestPlot(
                    title: title, xTitle: "difference",
                    rows: labels.enumerated().map { place, label in
                        ForestPlot.Row(name: label, difference: 0.01 * Double(place), low: -0.01, high: 0.1)
                    })
            ),
            (
                "quality against cost",
                ScatterChart(
                    title: title, xTitle: "ms", yTitle: "F1",
                    items: labels.enumerated().map { place, label in
                        ScatterChart.Item(name: label, x: 1 + Double(place), y: 1 / Double(place + 1))
                    })
            ),
        ]
        return charts.map { ChartCase("\($0), \(kind)", $1, names: labels + [title]) }
    }

    static let reliability = ChartCase(
        "reliability",
        ReliabilityDiagram(title: "Reliability", calibration: predictions(roles, areExclusive: true).calibration),
        names: ["Reliability"])
    static let smoothed = ChartCase(
        "smoothed line",
        LineChart(
            title: "Loss", xTitle: "step", yTitle: "loss", smoothing: "train_loss",
            (1...3_000).map { Point(x: Double($0), y: 2 / Double($0).squareRoot() + Double($0 % 7) / 20) }),
        names: ["train_loss", "train_loss, smoothed"])

    static let readable =
        all("five roles", roles) + [reliability, smoothed]
        + all("long labels", roles.map { "\($0) and whatever else is said in a sentence of that kind" })
        + all("thirty labels", (1...30).map { "Class \($0)" })

    static let hostileCases = all("hostile labels", hostile) + all("a hundred labels", (1...100).map { "label \($0)" })

    static let withoutData: [ChartCase] =
        all("no labels", [])
        + [
            ChartCase(
                "reliability of nothing", ReliabilityDiagram(title: "None", calibration: Calibration()), names: []),
            ChartCase(
                "an empty matrix", ConfusionChart(title: "None", matrix: ConfusionMatrix(labels: roles)), names: []),
            ChartCase(
                "no texts",
                LabelConfusionChart(
                    title: "None", confusions: LabelConfusions(MultiLabelCounts(labels: roles))), names: []),
            ChartCase(
                "no finite point",
                LineChart(
                    title: "None", xTitle: "", yTitle: "",
                    series: [.init(name: "a", points: [Point(x: 1, y: .nan), Point(x: .infinity, y: 1)])]), names: []),
            ChartCase(
                "nothing above 0",
                LineChart(
                    title: "None", xTitle: "", yTitle: "", series: [.init(name: "a", points: [Point(x: 1, y: 0)])],
                    isLogarithmic: true), names: []),
            ChartCase(
                "no finite bar",
                BarChart(title: "None", xTitle: "", figures: ["a"], runs: [.init(name: "r", values: [.nan])]), names: []
            ),
            ChartCase(
                "no finite difference",
                ForestPlot(
                    title: "None", xTitle: "", rows: [.init(name: "a", difference: .nan, low: 0, high: .infinity)]),
                names: []),
            ChartCase(
                "no finite place",
                ScatterChart(title: "None", xTitle: "", yTitle: "", items: [.init(name: "a", x: -1, y: 1)]), names: []),
        ]

    /// Returns four items of each label, some of them with the next label as the predicted one.
    static func predictions(_ labels: [String], areExclusive: Bool) -> Predictions {
        var predictions = Predictions(labels: labels, areExclusive: areExclusive)
        for item in 0..<(4 * labels.count) {
            let truth = item % labels.count
            let given = item % 7 == 3 ? (truth + 1) % labels.count : truth
            let high = 0.5 + 0.45 / Double(1 + item % 5)
            predictions.items.append(
                Prediction(
                    id: "\(item)", text: "", truth: [truth], given: [given],
                    probabilities: labels.indices.map { $0 == given ? high : (1 - high) / Double(labels.count) }))
        }
        return predictions
    }
}
