import Evaluation
import JSON
import Labelling
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("Metrics of items with one label equal scikit-learn's", arguments: Metrics.cases.single)
    func single(_ expected: Metrics.Single) {
        var matrix = ConfusionMatrix(labels: expected.labels)
        var calibration = Calibration()
        for ((truth, given), confidence) in zip(zip(expected.truth, expected.given), expected.confidences) {
            matrix.count(truth: truth, given: given)
            calibration.add(confidence: confidence, isRight: truth == given)
        }
        #expect(matrix.counts == expected.confusion)
        #expect(isClose([matrix.accuracy], [expected.accuracy]))
        expectScores(matrix, perLabel: expected.perLabel)
        for (name, scores) in [("micro", matrix.micro), ("macro", matrix.macro), ("weighted", matrix.weighted)] {
            #expect(isClose(list(scores), expected.averages[name]), "\(name)")
        }
        #expect(isClose([calibration.expectedError], [expected.expectedCalibrationError]))
        #expect(ClassificationReport(matrix).description + "\n" == expected.report)
    }

    @Test("Metrics of texts with any number of labels equal scikit-learn's", arguments: Metrics.cases.multi)
    func multi(_ expected: Metrics.Multi) {
        var predictions = MultiLabelPredictions(labels: expected.labels)
        for (probabilities, truth) in zip(expected.probabilities, expected.truth) {
            predictions.add(probabilities: probabilities, truth: truth)
        }
        predictions.thresholds = Thresholds(values: expected.thresholds)
        let counts = predictions.counts
        expectScores(counts, perLabel: expected.perLabel)
        for (name, scores) in [
            ("micro", counts.micro), ("macro", counts.macro), ("weighted", counts.weighted),
            ("samples", counts.samples),
        ] {
            #expect(isClose(list(scores), expected.averages[name]), "\(name)")
        }
        #expect(isClose([counts.subsetAccuracy], [expected.subsetAccuracy]))
        #expect(ClassificationReport(counts).description + "\n" == expected.report)
        let figures = Dictionary(uniqueKeysWithValues: counts.figures.map { ($0.name, $0.value) })
        #expect(figures["subset_accuracy"] == counts.subsetAccuracy)
        #expect(figures["samples_f1"] == counts.samples.f1)

        predictions.thresholds = predictions.tunedThresholds()
        let best = predictions.counts.labelCounts.map(\.scores.f1)
        #expect(isClose(best, expected.bestF1))
    }

    @Test("Without items all scores are 0")
    func empty() {
        let matrix = ConfusionMatrix(labels: ["a"])
        #expect(matrix.figures.allSatisfy { $0.value == 0 })
        #expect(MultiLabelCounts(labels: ["a"]).figures.allSatisfy { $0.value == 0 })
        #expect(Calibration().expectedError == 0)
        #expect(ConfusionMatrix(labels: []).macro.f1 == 0)
    }

    @Test("Merged labels take the place of the first of them")
    func merging() {
        var matrix = ConfusionMatrix(labels: ["a", "b", "c", "d"])
        for (truth, given, times) in [(0, 0, 1), (0, 2, 2), (2, 0, 3), (2, 2, 4), (1, 2, 5), (2, 3, 6), (3, 3, 7)] {
            matrix.count(truth: truth, given: given, times: times)
        }
        let merged = matrix.merging([0, 2], as: "a+c")
        #expect(merged.labels == ["a+c", "b", "d"])
        #expect(merged.counts == [[10, 0, 6], [5, 0, 0], [0, 0, 7]])
        #expect(matrix.merging([], as: "none") == matrix)
    }

    @Test("The columns of a confusion matrix are as wide as its counts")
    func table() {
        var matrix = ConfusionMatrix(labels: ["a", "bcd"])
        matrix.count(truth: 0, given: 0, times: 123_456)
        matrix.count(truth: 1, given: 0)
        #expect(
            matrix.description == """
                true \\ predicted       a  bcd
                               a  123456    0
                             bcd       1    0
                """)
    }

    struct ConfidenceRow: CustomTestStringConvertible, Sendable {
        let confidence: Double
        let bin: Int
        var testDescription: String { "\(confidence)" }
    }

    @Test(
        "A confidence belongs to the first bin whose upper bound it does not exceed",
        arguments: [
            ConfidenceRow(confidence: 0, bin: 0), ConfidenceRow(confidence: 1.0 / 15, bin: 0),
            ConfidenceRow(confidence: 0.0667, bin: 1), ConfidenceRow(confidence: 0.2, bin: 2),
            ConfidenceRow(confidence: 0.99, bin: 14), ConfidenceRow(confidence: 1, bin: 14),
            ConfidenceRow(confidence: 1.0000001, bin: 14), ConfidenceRow(confidence: .nan, bin: 0),
        ])
    func bins(_ row: ConfidenceRow) {
        var calibration = Calibration()
        calibration.add(confidence: row.confidence, isRight: true)
        #expect(calibration.bins.firstIndex { $0.count == 1 } == row.bin)
        #expect(calibration.expectedError.isNaN == row.confidence.isNaN)
    }

    @Test(
        "Numbers are rounded to four digits as in Python",
        arguments: [
            (0.03125, "0.0312"), (0.09375, "0.0938"), (1, "1.0000"), (0.99996, "1.0000"), (12.5, "12.5000"),
            (-0.5, "-0.5000"), (-0.00001, "0.0000"), (.nan, "nan"), (.infinity, "inf"),
        ] as [(Double, String)])
    func digits(_ row: (value: Double, text: String)) {
        #expect(fourDigits(row.value) == row.text)
    }

    @Test("The JSON contains every metric of a matrix")
    func json() throws {
        var matrix = ConfusionMatrix(labels: ["a", "b"])
        matrix.count(truth: 0, given: 1)
        matrix.count(truth: 1, given: 1, times: 3)
        var json = JSONWriter()
        json.figures(matrix)
        let none = #"{"precision":0.0,"recall":0.0,"f1":0.0,"support":1}"#
        let some = #"{"precision":0.75,"recall":1.0,"f1":0.8571428571428571,"support":3}"#
        #expect(
            String(decoding: json.bytes, as: UTF8.self) == """
                {"accuracy":0.75,"micro_precision":0.75,"micro_recall":0.75,"micro_f1":0.75,"macro_precision":0.375,\
                "macro_recall":0.5,"macro_f1":0.42857142857142855,"weighted_precision":0.5625,"weighted_recall":0.75,\
                "weighted_f1":0.6428571428571428,"total":4,"labels":{"a":\(none),"b":\(some)},"confusion":[[0,1],[0,3]]}
                """)
    }

    private func expectScores(_ tally: some LabelTally, perLabel: [[Double]]) {
        let scores = tally.labelCounts.map(\.scores)
        #expect(isClose(scores.map(\.precision), perLabel[0]))
        #expect(isClose(scores.map(\.recall), perLabel[1]))
        #expect(isClose(scores.map(\.f1), perLabel[2]))
    }

    private func list(_ scores: LabelScores) -> [Double] { [scores.precision, scores.recall, scores.f1] }
}
