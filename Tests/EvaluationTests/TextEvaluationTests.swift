import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import JSON
import Labelling
import TestSupport
import Testing

@Suite("Evaluation of texts")
struct TextEvaluationTests {
    private struct TinyCheckpoint {
        let engine: Engine
        let golden: ClassifierGolden

        init(_ name: String) throws {
            let directory = Locations.fixtures.appending(path: "checkpoints/\(name)")
            engine = Engine(try Labeller(CheckpointDirectory(path: directory.path())), threads: 1)
            golden = try ClassifierGolden(directory: directory)
        }

        /// Returns the golden texts many times, with the checkpoint's predictions as their true labels.
        func corpus(times: Int) -> [(id: String, text: String, labels: [String])] {
            (0..<times).flatMap { time in
                golden.examples.enumerated().map { ("\(time)/\($0)", $1.text, $1.predicted) }
            }
        }
    }

    @Test("Texts with one label are counted in a confusion matrix")
    func oneLabel() throws {
        let checkpoint = try TinyCheckpoint("scibert-like")
        var corpus = checkpoint.corpus(times: 300 / checkpoint.golden.examples.count + 1)
        #expect(corpus.count > 256)
        let labels = checkpoint.engine.labeller.labels
        let wrong = try #require(labels.first { $0 != corpus[0].labels[0] })
        corpus[0].labels = [wrong]
        var evaluation = TextEvaluation(checkpoint.engine.labeller)
        try evaluation.add(corpus, engine: checkpoint.engine)
        guard case .oneLabel(let matrix, let calibration) = evaluation.results else {
            Issue.record("expected one label for each text")
            return
        }
        #expect(matrix.total == corpus.count)
        #expect(evaluation.predictions.items.map(\.id) == corpus.map(\.id))
        #expect(evaluation.predictions.confusionMatrix == matrix)
        #expect(evaluation.predictions.calibration == calibration)
        #expect(matrix.accuracy == Double(corpus.count - 1) / Double(corpus.count))
        #expect(calibration.total == corpus.count)
        #expect(evaluation.report.description.contains("    accuracy "))
    }

    @Test("Texts with any number of labels are evaluated with the checkpoint's thresholds, which can be tuned")
    func anyLabels() throws {
        let checkpoint = try TinyCheckpoint("multilabel")
        var corpus = checkpoint.corpus(times: 2)
        let labels = checkpoint.engine.labeller.labels
        var evaluation = TextEvaluation(checkpoint.engine.labeller)
        try evaluation.add(corpus.lazy.map { $0 }, engine: checkpoint.engine)
        guard case .anyLabels(var predictions) = evaluation.results else {
            Issue.record("expected any number of labels for each text")
            return
        }
        #expect(predictions.thresholds == checkpoint.engine.labeller.thresholds)
        #expect(evaluation.predictions.multiLabelCounts == predictions.counts)
        let never = Thresholds(values: labels.map { _ in 2 })
        let decided = evaluation.predictions.deciding(by: never)
        #expect(decided.items.allSatisfy { $0.given.isEmpty })
        #expect(predictions.counts.total == corpus.count)
        #expect(predictions.counts.subsetAccuracy == 1)
        #expect(evaluation.report.description.contains(" samples avg "))
        var json = JSONWriter()
        json.figures(evaluation)
        #expect(String(decoding: json.bytes, as: UTF8.self).hasPrefix("{\"subset_accuracy\":1.0,"))

        // Now every text has every label, so thresholds below all probabilities are perfect.
        for index in corpus.indices { corpus[index].labels = labels }
        evaluation = TextEvaluation(checkpoint.engine.labeller)
        try evaluation.add(corpus, engine: checkpoint.engine)
        guard case .anyLabels(let all) = evaluation.results else { return }
        predictions = all
        predictions.thresholds = predictions.tunedThresholds()
        #expect(predictions.counts.subsetAccuracy == 1)
        #expect(predictions.counts.micro.f1 == 1)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let checkpoint: String
        let labels: [String]
        let says: String
    }

    @Test(
        "Labels that do not suit the checkpoint are refused with an error that quotes the text",
        arguments: [
            Row(
                testDescription: "unknown", checkpoint: "multilabel", labels: ["cardiovascular", "dental"],
                says: "the label \"dental\", but the labels of the checkpoint are cardiovascular, neurological"),
            Row(testDescription: "none", checkpoint: "scibert-like", labels: [], says: "has 0 labels"),
            Row(
                testDescription: "two", checkpoint: "scibert-like", labels: ["METHODS", "RESULTS"],
                says: "has 2 labels, but the checkpoint assigns one label to every text"),
        ])
    func refused(_ row: Row) throws {
        let engine = try TinyCheckpoint(row.checkpoint).engine
        var evaluation = TextEvaluation(engine.labeller)
        let error = #expect(throws: CorpusError.self) {
            try evaluation.add([(id: "1", text: "We \"did\".", labels: row.labels)], engine: engine)
        }
        #expect(error?.description.contains(row.says) == true)
        #expect(error?.description.contains(#""We \"did\".""#) == true)
    }

    @Test("A checkpoint that labels sentences only is refused")
    func wrongTask() throws {
        let engine = Engine(
            try Labeller(
                CheckpointDirectory(
                    path: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path())), threads: 1)
        var evaluation = TextEvaluation(engine.labeller)
        #expect(throws: LabellingError.self) {
            try evaluation.add([(id: "1", text: "We did.", labels: ["METHODS"])], engine: engine)
        }
    }
}
