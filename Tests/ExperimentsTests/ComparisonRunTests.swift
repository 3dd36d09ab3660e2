import Corpora
import Evaluation
import Experiments
import FoundationEssentials
import Runs
import TestSupport
import Testing
import Training

@Suite("Comparison runs")
struct ComparisonRunTests {
    private let directory: TemporaryDirectory
    private let test = TinyExperiment.abstracts(12, seed: 3)

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func variant(_ name: String, _ recipe: Recipe) -> TrainedVariant {
        TrainedVariant(
            system: name,
            run: ExperimentRun(name: name, settings: [], directory: RunDirectory(path: path(name))), recipe: recipe,
            labels: test.labelNames
        ) { try TinyExperiment.job(recipe) }
    }

    private func models() throws -> [any ComparedModel] {
        [
            variant("sentences", TinyExperiment.recipe(.sentence, epochs: 2)),
            variant("abstracts", TinyExperiment.recipe(.sequenceLabelling, epochs: 2)),
            try FinishedCheckpoint(name: "there", path: TinyExperiment.base, readsAbstracts: true, threads: 1),
        ]
    }

    private func run(
        report: (ExperimentEvent) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> ComparisonRun.Outcome {
        var bootstrap = PairedBootstrap()
        bootstrap.resamples = 300
        return try ComparisonRun(models(), test: test, bootstrap: bootstrap).run(report: report, shouldStop: shouldStop)
    }

    @Test("Variants and an existing checkpoint are compared, and nothing is trained twice")
    func comparing() throws {
        var measured: [String: Predictions] = [:]
        var trained: [String] = []
        func note(_ event: ExperimentEvent) {
            if case .measured(let run, let evaluation) = event { measured[run.name] = evaluation.predictions }
            if case .began(let run, _, _) = event { trained.append(run.name) }
        }
        guard case .compared(let comparison, let costs) = try run(report: note) else {
            Issue.record("the comparison was stopped")
            return
        }
        #expect(comparison.systems == ["sentences", "abstracts", "there"])
        #expect(comparison.clusters == 12)
        #expect(trained == ["sentences", "abstracts"])
        let accuracy = try #require(comparison.figure("accuracy")).results
        for result in accuracy {
            let predictions = try #require(measured[result.system])
            #expect(result.estimate.value == predictions.confusionMatrix.accuracy)
            #expect(result.estimate.lower <= result.estimate.value && result.estimate.value <= result.estimate.upper)
        }
        trained = []
        guard case .compared(let again, _) = try run(report: note) else {
            Issue.record("the comparison was stopped")
            return
        }
        #expect(again == comparison)
        #expect(trained.isEmpty)
        #expect(costs.count == 3 && costs.allSatisfy { $0 > 0 })
        try ComparisonRecord(comparison, costs: costs, models: models(), test: test)
            .write(toDirectory: directory.url.path())
        let document = try String(contentsOf: directory.url.appending(path: "comparison.md"), encoding: .utf8)
        #expect(document.contains("| abstracts | \(fourDigits(accuracy[1].estimate.value)) |"))
        for name in ["comparison.json", "comparison.png", "comparison.svg", "cost.png", "cost.svg"] {
            #expect(try !Data(contentsOf: directory.url.appending(path: name)).isEmpty)
        }
    }

    @Test("A stopped and resumed comparison has the same result as an uninterrupted one")
    func resumption() throws {
        var steps = 0
        guard
            case .stopped = try run(
                report: { if case .training(_, .step) = $0 { steps += 1 } }, shouldStop: { steps >= 3 })
        else {
            Issue.record("the comparison did not stop")
            return
        }
        guard case .compared(let resumed, _) = try run() else {
            Issue.record("the comparison was stopped")
            return
        }
        for name in ["sentences", "abstracts"] { try FileManager.default.removeItem(atPath: path(name)) }
        guard case .compared(let whole, _) = try run() else {
            Issue.record("the comparison was stopped")
            return
        }
        #expect(resumed == whole)
    }

    @Test("A variant that was trained with another recipe is refused")
    func otherRecipe() throws {
        _ = try run()
        var recipe = TinyExperiment.recipe(.sentence, epochs: 2)
        recipe.learningRate = 2e-4
        let other = try ComparisonRun(
            [variant("sentences", recipe), variant("abstracts", TinyExperiment.recipe(.sequenceLabelling))], test: test)
        let error = #expect(throws: TrainingError.self) { _ = try other.run() }
        #expect(error?.description.contains("--learning-rate (changed from 0.0001 to 0.0002)") == true)
    }

    @Test("Different labels are found before training begins")
    func otherLabels() throws {
        let trained = variant("trained", TinyExperiment.recipe())
        let classifier = Locations.fixtures.appending(path: "checkpoints/encoder-only-no-prefix").path()
        let other = try FinishedCheckpoint(name: "other", path: classifier, readsAbstracts: true, threads: 1)
        let error = #expect(throws: ExperimentError.self) { _ = try ComparisonRun([trained, other], test: test) }
        #expect(error?.description.hasPrefix("other predicts the labels ") == true)
        guard case .abstracts(var corpus) = test else {
            Issue.record("the test data are not abstracts")
            return
        }
        corpus.items[0].sentences[0].labels = ["TITLE"]
        let unknown = #expect(throws: ExperimentError.self) {
            _ = try ComparisonRun([trained, variant("second", TinyExperiment.recipe())], test: .abstracts(corpus))
        }
        #expect(unknown?.description.hasPrefix("the test data have the label \"TITLE\"") == true)
    }

    @Test("A single system and an unusable checkpoint are refused at once")
    func plans() throws {
        #expect(throws: ExperimentError.self) {
            _ = try ComparisonRun([variant("one", TinyExperiment.recipe())], test: test)
        }
        let other = Locations.fixtures.appending(path: "checkpoints/distilbert-config").path()
        #expect(throws: (any Error).self) {
            _ = try FinishedCheckpoint(name: "other", path: other, readsAbstracts: true, threads: 1)
        }
    }
}
