import Checkpoint
import Evaluation
import FoundationEssentials
import Labelling
import TestSupport
import Testing

@Suite("Threshold tuning")
struct ThresholdTuningTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let probabilities: [Double]
        let truth: [Bool]
        let threshold: Double
    }

    @Test(
        "A threshold lies halfway below the lowest probability that it selects",
        arguments: [
            Row(
                testDescription: "apart", probabilities: [0.1, 0.8, 0.3, 0.7], truth: [false, true, false, true],
                threshold: 0.5),
            Row(testDescription: "all of them", probabilities: [0.4, 0.8], truth: [true, true], threshold: 0.2),
            Row(testDescription: "none true", probabilities: [0.4, 0.8], truth: [false, false], threshold: 0.5),
            Row(testDescription: "no texts", probabilities: [], truth: [], threshold: 0.5),
            Row(
                testDescription: "equal probabilities stay together", probabilities: [0.75, 0.75, 0.25],
                truth: [true, false, false], threshold: 0.5),
            // One correct of one selected, or two of four: both have an F1 of 2/3.
            Row(
                testDescription: "equal F1: nearest to one half", probabilities: [0.96875, 0.9375, 0.875, 0.75],
                truth: [true, false, false, true], threshold: 0.375),
            // The F1 values are equal as above, at the thresholds 0.75 and 0.25.
            Row(
                testDescription: "equally near: the higher", probabilities: [0.875, 0.625, 0.375, 0.3125, 0.1875],
                truth: [true, false, false, true, false], threshold: 0.75),
            Row(
                testDescription: "neighbours with no number between them", probabilities: [(0.5).nextUp, 0.5],
                truth: [true, false], threshold: (0.5).nextUp),
            Row(
                testDescription: "not a number is never selected", probabilities: [.nan, 0.75, 0.25],
                truth: [true, true, false], threshold: 0.5),
            Row(testDescription: "nothing but 0", probabilities: [0, 0], truth: [true, false], threshold: 0),
        ])
    func threshold(_ row: Row) {
        let tuned = tuneThresholds(probabilities: row.probabilities.map { [$0] }, truth: row.truth.map { [$0] })
        #expect(tuned.values == (row.probabilities.isEmpty ? [] : [row.threshold]))
        var predictions = MultiLabelPredictions(labels: ["a"])
        for (probability, truth) in zip(row.probabilities, row.truth) {
            predictions.add(probabilities: [probability], truth: [truth])
        }
        #expect(predictions.tunedThresholds().values == [row.threshold])
    }

    @Test("The order of the texts makes no difference")
    func order() {
        var generator = SeededGenerator(seed: 7)
        var rows = (0..<200).map { _ in
            (Double(Int.random(in: 0...20, using: &generator)) / 20, Bool.random(using: &generator))
        }
        let first = tuneThresholds(probabilities: rows.map { [$0.0] }, truth: rows.map { [$0.1] })
        rows.shuffle(using: &generator)
        #expect(tuneThresholds(probabilities: rows.map { [$0.0] }, truth: rows.map { [$0.1] }) == first)
    }

    @Test("Thresholds are the same after writing and reading")
    func writing() throws {
        let labels = ["one \"label\"", "b", "ü"]
        let thresholds = Thresholds(values: [0.1 + 0.2, 1, .leastNonzeroMagnitude])
        let directory = try TemporaryDirectory()
        let path = directory.url.path()
        try Thresholds(count: 3).write(toDirectory: path, labels: labels)
        try thresholds.write(toDirectory: path, labels: labels)
        let bytes = Array(try Data(contentsOf: directory.url.appending(path: "best_thresholds.json")))
        #expect(try Thresholds(json: bytes, labels: labels) == thresholds)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["best_thresholds.json"])
    }

    @Test("A missing directory is refused")
    func nowhere() {
        #expect(throws: CheckpointError.self) {
            try Thresholds(count: 1).write(toDirectory: "/no/such/directory", labels: ["a"])
        }
    }
}
