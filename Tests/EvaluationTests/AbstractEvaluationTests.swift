import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import JSON
import Labelling
import TestSupport
import Testing
import Text

@Suite("Evaluation of abstracts")
struct AbstractEvaluationTests {
    private func engine(_ name: String) throws -> Engine {
        Engine(
            try Labeller(CheckpointDirectory(path: Locations.fixtures.appending(path: "checkpoints/\(name)").path())),
            threads: 1)
    }

    /// Returns the golden abstracts of a tiny checkpoint, with its predictions as their true labels.
    private func golden() throws -> [CorpusAbstract] {
        try Golden(Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32/expected.json")).abstracts
            .map { abstract in
                CorpusAbstract(
                    id: abstract.id,
                    sentences: zip(abstract.sentences, abstract.labels).map { (text: $0, labels: [$1]) })
            }
    }

    @Test(
        "If the true labels equal the predictions, the accuracy is 1 and the calibration error is 1 minus the mean confidence"
    )
    func right() throws {
        let engine = try engine("sequence-labeller-f32")
        let corpus = try golden()
        var evaluation = AbstractEvaluation(labels: engine.labeller.labels)
        try evaluation.add(corpus, engine: engine)
        #expect(evaluation.all.abstracts == corpus.count)
        #expect(evaluation.all.sentences.total == corpus.reduce(0) { $0 + $1.sentences.count })
        #expect(evaluation.all.sentences.accuracy == 1)
        #expect(evaluation.predictions.confusionMatrix == evaluation.all.sentences)
        #expect(evaluation.predictions.calibration == evaluation.all.calibration)
        let places = evaluation.predictions.items.map { "\($0.id) \($0.sentence ?? -1)" }
        #expect(Set(places).count == evaluation.all.sentences.total)
        #expect(evaluation.predictions.items[0].text == corpus[0].text.prefix(corpus[0].sentences[0].end))
        #expect(evaluation.all.characters.accuracy == 1)
        let labelled = engine.label(
            try corpus.map { abstract in
                try engine.labeller.prepare(
                    Abstract(SourceText(abstract.text), sentences: abstract.sentences.map(\.range)), headings: .ignore)
            })
        let doubts = labelled.flatMap(\.sentences).map { 1 - $0.confidence }
        let meanDoubt = doubts.reduce(0, +) / Double(doubts.count)
        #expect(abs(evaluation.all.calibration.expectedError - meanDoubt) <= 1e-9)
    }

    @Test("Adding abstracts one by one and without raw text does not change the other results")
    func portions() throws {
        let engine = try engine("sequence-labeller-f32")
        let corpus = try [[CorpusAbstract]](repeating: golden(), count: 40).flatMap { $0 }
        #expect(corpus.count > 64)
        var whole = AbstractEvaluation(labels: engine.labeller.labels)
        try whole.add(corpus, engine: engine)
        var parts = AbstractEvaluation(labels: engine.labeller.labels)
        for abstract in corpus { try parts.add([abstract], engine: engine, rawText: false) }
        #expect(parts.all.sentences == whole.all.sentences)
        #expect(parts.all.characters == whole.all.characters)
        #expect(parts.all.charactersOfRawText.total == 0)
        #expect(parts.boundaries == 0)
    }

    @Test("Abstracts with both opening sections are also counted separately, and the two labels merged")
    func openingRoles() throws {
        let engine = try engine("scibert-like")
        func abstract(_ id: String, _ labels: [String]) -> CorpusAbstract {
            CorpusAbstract(id: id, sentences: labels.map { ("The patients were treated.", [$0]) })
        }
        // The classifier predicts the same label for all these equal sentences; which one does not matter.
        let labels = engine.labeller.labels
        var evaluation = AbstractEvaluation(labels: labels)
        try evaluation.add(
            [
                abstract("one", ["BACKGROUND", "OBJECTIVE", "METHODS"]), abstract("two", ["BACKGROUND", "METHODS"]),
                abstract("three", ["OBJECTIVE", "BACKGROUND", "BACKGROUND"]), abstract("four", ["OBJECTIVE"]),
            ], engine: engine)
        let given = try #require(evaluation.all.sentences.labelCounts.firstIndex { $0.given > 0 })
        #expect(evaluation.all.sentences.labelCounts[given].given == 9)
        #expect(evaluation.all.sentences.labelCounts.map(\.support) == [4, 3, 2, 0, 0])
        #expect(evaluation.withBothSections.abstracts == 2)
        #expect(evaluation.withBothSections.sentences.labelCounts.map(\.support) == [3, 2, 1, 0, 0])
        #expect(evaluation.withBothSections.calibration.total == 6)
        let merged = try #require(evaluation.mergingOpeningRoles(evaluation.withBothSections))
        #expect(merged.sentences.labels == ["BACKGROUND+OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"])
        #expect(merged.sentences.labelCounts.map(\.support) == [5, 1, 0, 0])
        #expect(merged.abstracts == 2)
        #expect(evaluation.boundaries == 2 + 1 + 1 + 0)
        #expect(evaluation.crossedBoundaries == 0)
    }

    @Test("Without both opening roles there are no merged counts")
    func otherLabels() {
        let evaluation = AbstractEvaluation(labels: ["a", "Background"])
        #expect(evaluation.mergingOpeningRoles(evaluation.all) == nil)
        let roles = AbstractEvaluation(labels: ["Objective", "x", "background"])
        #expect(roles.mergingOpeningRoles(roles.all)?.sentences.labels == ["Objective+background", "x"])
    }

    @Test("A sentence that crosses a section boundary is counted")
    func crossing() throws {
        let engine = try engine("sequence-labeller-f32")
        let line =
            #"{"id":"x","text":"The patients were treated. They got well.","sections":[{"label":"METHODS","start":0,"end":8},{"label":"RESULTS","start":9,"end":26},{"label":"CONCLUSIONS","start":27,"end":41}],"sentences":[]}"#
        var evaluation = AbstractEvaluation(labels: engine.labeller.labels)
        try evaluation.add(
            AbstractReader().readTexts(CorpusFile(name: "x.jsonl", stored: Array(line.utf8))).items, engine: engine)
        #expect(evaluation.boundaries == 2)
        #expect(evaluation.crossedBoundaries == 1)
        #expect(evaluation.crossedShare == 0.5)
        #expect(evaluation.all.charactersOfRawText.total == 34)
    }

    @Test("The error for a label that the checkpoint lacks names the label and the abstract")
    func unknownLabel() throws {
        let engine = try engine("sequence-labeller-f32")
        var evaluation = AbstractEvaluation(labels: engine.labeller.labels)
        let error = #expect(throws: CorpusError.self) {
            try evaluation.add([CorpusAbstract(id: "z9", sentences: [("We did.", ["OTHER"])])], engine: engine)
        }
        #expect(error?.description.contains("z9 has the label \"OTHER\"") == true)
        #expect(error?.description.contains("BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS") == true)
    }

    @Test("A sentence with several allowed labels is counted separately, and any of them is correct")
    func severalAllowed() throws {
        let engine = try engine("sequence-labeller-f32")
        let labels = engine.labeller.labels
        let known = try #require(try golden().first)
        let texts = known.sentences.map { SourceText(known.text).string(in: $0.range) }
        var sentences = zip(texts, known.sentences).map { (text: $0, labels: $1.labels) }
        let first = try #require(labels.first { $0 != sentences[0].labels[0] })
        sentences[0].labels.append(first)
        var evaluation = AbstractEvaluation(labels: labels)
        try evaluation.add([CorpusAbstract(id: "x", sentences: sentences)], engine: engine)
        #expect(evaluation.all.severalAllowed == (sentences: 1, right: 1))
        #expect(evaluation.all.sentences.total == sentences.count - 1)
        #expect(evaluation.predictions.items.count == sentences.count - 1)
        #expect(AbstractReport(evaluation).description.contains("1 of 1 have an allowed predicted label (100.0000%)"))
        sentences[0].labels = labels.filter { !sentences[0].labels.contains($0) }
        var wrong = AbstractEvaluation(labels: labels)
        try wrong.add([CorpusAbstract(id: "x", sentences: sentences)], engine: engine)
        #expect(wrong.all.severalAllowed == (sentences: 1, right: 0))
    }

    @Test("Short abstracts are also counted separately")
    func shortAbstracts() throws {
        let engine = try engine("sequence-labeller-f32")
        let corpus = [7, 8].map { count in
            CorpusAbstract(
                id: "\(count)", sentences: (0..<count).map { _ in ("The patients were treated.", ["METHODS"]) })
        }
        var evaluation = AbstractEvaluation(labels: engine.labeller.labels)
        try evaluation.add(corpus, engine: engine)
        #expect(evaluation.all.sentences.total == 15)
        #expect(evaluation.short.abstracts == 1 && evaluation.short.sentences.total == 7)
        #expect(AbstractReport(evaluation).description.contains("1 with ≤ 7 sentences"))
    }

    @Test("The report and the JSON contain every kind of count")
    func output() throws {
        let engine = try engine("scibert-like")
        let corpus = [
            CorpusAbstract(
                id: "x",
                sentences: [
                    ("It is 1.5.", ["BACKGROUND"]), ("We aim at 2.", ["OBJECTIVE"]), ("We did 3.", ["METHODS"]),
                ])
        ]
        var evaluation = AbstractEvaluation(labels: engine.labeller.labels)
        try evaluation.add(corpus, engine: engine)
        let report = AbstractReport(evaluation, masked: evaluation).description
        for line in [
            "1 abstracts, 3 sentences", "all, merged, numbers as @", "1 with both sections",
            "Expected calibration error",
            "0 of 2 (0.0000%)",
        ] {
            #expect(report.contains(line), "\(line)")
        }
        #expect(!AbstractReport(evaluation).description.contains("@"))

        var json = JSONWriter()
        json.object { $0.members(evaluation) }
        let decoded = try JSONDecoder().decode(Decoded.self, from: Data(json.bytes))
        #expect(decoded.abstracts == 1)
        #expect(decoded.sentences.macro_f1 == evaluation.all.sentences.macro.f1)
        #expect(decoded.sentences.expected_calibration_error == evaluation.all.calibration.expectedError)
        #expect(decoded.characters_of_raw_text.micro_f1 == evaluation.all.charactersOfRawText.micro.f1)
        #expect(decoded.with_background_and_objective.sentences.macro_f1 == decoded.sentences.macro_f1)
        #expect(decoded.with_background_and_objective.background_and_objective_as_one.sentences.total == 3)
    }

    private struct Decoded: Decodable {
        struct Figures: Decodable {
            let total: Int
            let micro_f1: Double
            let macro_f1: Double
            let expected_calibration_error: Double?
        }
        struct AsOne: Decodable {
            let sentences: Figures
        }
        struct Both: Decodable {
            let sentences: Figures
            let background_and_objective_as_one: AsOne
        }
        let abstracts: Int
        let sentences: Figures
        let characters_of_raw_text: Figures
        let with_background_and_objective: Both
    }

    /// Checks the results published in README.md. The whole development set takes about a minute.
    @Test("Labelling raw text is about as accurate as labelling given sentences", .enabled(if: Locations.shared != nil))
    func development() async throws {
        let shared = try #require(Locations.shared)
        let file = shared.appending(path: "corpus/dev.jsonl")
        let evaluation = try await onOwnThread {
            let corpus = try AbstractReader().readTexts(CorpusFile(path: file.path())).items
            let labeller = try Labeller(CheckpointDirectory(path: Locations.models.path()))
            var evaluation = AbstractEvaluation(labels: labeller.labels)
            try evaluation.add(corpus, engine: Engine(labeller, threads: 2))
            return evaluation
        }
        #expect(evaluation.all.abstracts == 700)
        #expect(evaluation.withBothSections.abstracts == 120)
        #expect(evaluation.crossedShare <= 0.002, "\(evaluation.crossedBoundaries) of \(evaluation.boundaries)")
        #expect(evaluation.all.charactersOfRawText.accuracy >= evaluation.all.characters.accuracy - 0.01)
        #expect(evaluation.all.sentences.accuracy >= 0.919)
    }
}
