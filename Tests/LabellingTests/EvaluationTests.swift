import Checkpoint
import Evaluation
import FoundationEssentials
import Labelling
import TestSupport
import Testing

@Suite("Evaluation")
struct EvaluationTests {
    @Test("Scores are those of the definitions")
    func scores() {
        var matrix = ConfusionMatrix(labels: ["a", "b", "c"])
        for (truth, given, times) in [(0, 0, 4), (0, 1, 1), (1, 1, 2), (1, 0, 2), (2, 0, 1)] {
            matrix.count(truth: truth, given: given, times: times)
        }
        #expect(matrix.total == 10)
        #expect(matrix.accuracy == 0.6)
        #expect(matrix.scores(0).precision == 4.0 / 7)
        #expect(matrix.scores(0).recall == 0.8)
        #expect(abs(matrix.scores(0).f1 - 2.0 / 3) < 1e-12)
        #expect(matrix.scores(1).precision == 2.0 / 3)
        #expect(matrix.scores(2).f1 == 0)
        #expect(abs(matrix.macroF1 - (2.0 / 3 + 4.0 / 7 + 0) / 3) < 1e-12)
        #expect(abs(matrix.weightedF1 - (5 * 2.0 / 3 + 4 * 4.0 / 7) / 10) < 1e-12)
        #expect(
            ClassificationReport(matrix).description.contains(
                "macro F1                                0.4127         10"))
    }

    @Test("An empty matrix scores nothing")
    func empty() {
        let matrix = ConfusionMatrix(labels: ["a"])
        #expect(matrix.accuracy == 0 && matrix.macroF1 == 0 && matrix.weightedF1 == 0)
    }

    @Test("A corpus line that is wrong is named by its number")
    func corpusErrors() {
        let lines = """
            {"id":"x","text":"One.","sections":[],"sentences":[]}

            {"id":"y","text":"One.","sections":[{"label":"METHODS","start":0,"end":9}],"sentences":[]}
            """
        let error = #expect(throws: CorpusError.self) {
            try CorpusAbstract.read(jsonLines: Data(lines.utf8), name: "dev.jsonl")
        }
        #expect(error?.description.contains("dev.jsonl, line 3") == true)
        #expect(error?.description.contains("0..<9") == true)
    }

    /// The figures that ../README.md publishes; the whole development set takes about a minute.
    @Test("Raw text is labelled as well as given sentences", .enabled(if: Locations.shared != nil))
    func development() throws {
        let shared = try #require(Locations.shared)
        let file = shared.appending(path: "corpus/dev.jsonl")
        let corpus = try CorpusAbstract.read(jsonLines: Data(contentsOf: file), name: "dev.jsonl")
        let labeller = try Labeller(CheckpointDirectory(path: Locations.models.path()))
        let engine = Engine(labeller, threads: 2)
        var evaluation = AbstractEvaluation(labels: labeller.labels)
        try evaluation.add(corpus, engine: engine)
        #expect(evaluation.abstracts == 700)
        #expect(evaluation.crossedShare <= 0.002, "\(evaluation.crossedBoundaries) of \(evaluation.boundaries)")
        #expect(evaluation.charactersOfRawText.accuracy >= evaluation.characters.accuracy - 0.01)
        #expect(evaluation.sentences.accuracy >= 0.9165)
    }
}
