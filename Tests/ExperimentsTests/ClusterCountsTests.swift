import Evaluation
import Experiments
import Runs
import Testing
import Training

@Suite("Cluster counts")
struct ClusterCountsTests {
    private static func predictions(
        _ items: [(id: String, sentence: Int?, truth: Int, given: Int)], labels: [String] = ["A", "B"]
    ) -> Predictions {
        Predictions(
            labels: labels, areExclusive: true,
            items: items.map {
                Prediction(
                    id: $0.id, sentence: $0.sentence, text: "", truth: [$0.truth], given: [$0.given],
                    probabilities: [0.5, 0.5])
            })
    }

    private static let abstracts = predictions([("a", 0, 0, 0), ("a", 1, 1, 1), ("b", 0, 0, 1)])

    private func counts(_ other: Predictions, task: TrainingTask = .sequenceLabelling) throws -> ClusterCounts {
        try ClusterCounts([
            Measurement(
                system: "first", run: "first", evaluation: ModelEvaluation(Self.abstracts), task: .sequenceLabelling),
            Measurement(system: "second", run: "second", evaluation: ModelEvaluation(other), task: task),
        ])
    }

    @Test("Single sentences are matched to the sentences of abstracts, in any order of items and labels")
    func sentences() throws {
        // The same true and predicted labels, with the label names in reverse order.
        let alone = Self.predictions(
            [("b#1", nil, 1, 0), ("a#2", nil, 0, 0), ("a#1", nil, 1, 1)], labels: ["B", "A"])
        let counts = try counts(alone, task: .sentence)
        #expect(counts.clusters == 2)
        #expect(counts.items == 3)
        #expect(counts.systems == ["first", "second"])
        var bootstrap = PairedBootstrap()
        bootstrap.resamples = 200
        for figure in bootstrap.compare(counts).figures {
            #expect(figure.results[0].estimate == figure.results[1].estimate, "\(figure.metric)")
            #expect(figure.results[1].difference?.p == 1)
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let predictions: Predictions
        let named: String
    }

    static let rows = [
        Row(
            testDescription: "a missing sentence", predictions: predictions([("a", 0, 0, 0), ("a", 1, 1, 1)]),
            named: "second was not measured on sentence 1 of b"),
        Row(
            testDescription: "an additional sentence",
            predictions: predictions([("a", 0, 0, 0), ("a", 1, 1, 1), ("b", 0, 0, 1), ("c", 4, 0, 0)]),
            named: "second was measured on sentence 5 of c"),
        Row(
            testDescription: "a different true label",
            predictions: predictions([("a", 0, 0, 0), ("a", 1, 0, 1), ("b", 0, 0, 1)]),
            named: "sentence 2 of a has the true label A in the data of second, but B in the data of first"),
        Row(
            testDescription: "a duplicate sentence",
            predictions: predictions([("a", 0, 0, 0), ("a", 0, 0, 0), ("b", 0, 0, 1)]),
            named: "second was measured on sentence 1 of a"),
        Row(
            testDescription: "other labels",
            predictions: predictions([("a", 0, 0, 0), ("a", 1, 1, 1), ("b", 0, 0, 1)], labels: ["A", "C"]),
            named: "second predicts one of A, C, but first predicts one of A, B"),
        Row(
            testDescription: "texts instead of sentences",
            predictions: predictions([("a", nil, 0, 0), ("b", nil, 1, 1), ("c", nil, 0, 1)]),
            named: "second was measured on a"),
    ]

    @Test("A difference between the items or labels of two measurements is reported", arguments: rows)
    func others(_ row: Row) throws {
        let error = #expect(throws: ExperimentError.self) { _ = try counts(row.predictions) }
        guard case .measurements(let sentence)? = error else {
            Issue.record("expected an error of measurements, found \(String(describing: error))")
            return
        }
        #expect(sentence.hasPrefix(row.named), "\(sentence)")
    }

    @Test("Without measurements or items there is nothing to compare")
    func nothing() {
        #expect(throws: ExperimentError.self) { _ = try ClusterCounts([]) }
        #expect(throws: ExperimentError.self) { _ = try counts(Self.predictions([])) }
    }
}
