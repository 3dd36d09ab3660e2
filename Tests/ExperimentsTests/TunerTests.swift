import Experiments
import FoundationEssentials
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Tuner")
struct TunerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func tuner(
        _ path: String, resuming: Bool = false, trials: Int = 5, searches: [String]? = nil, seed: UInt64 = 1,
        recipe: Recipe = TinyExperiment.recipe()
    ) throws -> Tuner {
        let plan = TuningPlan(
            searches: searches ?? ["learning-rate=log:1e-4..1e-2", "head-dropout=choice:0,0.1,0.3"],
            strategy: .bayesian,
            seed: seed, halving: try SuccessiveHalving(), recipe: recipe,
            training: TinyExperiment.abstracts(16, seed: 1), development: TinyExperiment.abstracts(6, seed: 2))
        return try Tuner(
            plan, limits: TuningLimits(trials: trials, seconds: nil), recipe: recipe,
            directory: RunDirectory(path: path), resuming: resuming
        ) { try TinyExperiment.job($0) }
    }

    /// Returns the results of a search without the times.
    private func facts(_ outcome: Tuner.Outcome) throws -> (best: Int, trials: [Trial]) {
        guard case .finished(let record, _) = outcome else { throw ExperimentError.output("the search was stopped") }
        return (
            record.best,
            record.trials.map { trial in
                var trial = trial
                trial.seconds = 0
                return trial
            }
        )
    }

    @Test("Promising trials continue, others stop, and the checkpoint of the best is put in place")
    func tuning() throws {
        var paused: Set<String> = []
        let (best, trials) = try facts(
            tuner(path("tuned")).run(report: { if case .paused(let run) = $0 { paused.insert(run.name) } }))
        #expect(trials.count == 5)
        #expect(trials.contains { $0.values.count == 3 })
        #expect(trials.contains { $0.values.count == 1 && $0.status == .open })
        #expect(paused.count >= 2)
        let winner = trials[best - 1]
        #expect(winner.status == .finished)
        #expect(winner.best == trials.compactMap(\.best).max())
        let files = try FileManager.default.contentsOfDirectory(atPath: path("tuned")).sorted()
        #expect(
            files == [
                "config.json", "model.safetensors", "tokenizer_config.json", "training.json", "trials.jsonl",
                "tuning.json", "vocab.txt",
            ])
        // The checkpoint equals that of a separate training with the same recipe.
        var recipe = TinyExperiment.recipe()
        for setting in winner.settings { try recipe.set(setting.option, to: setting.value) }
        _ = try Trainer(TinyExperiment.job(recipe), directory: RunDirectory(path: path("alone"))).run()
        #expect(try TinyExperiment.weights(in: path("alone")) == TinyExperiment.weights(in: path("tuned")))
    }

    @Test("A stopped and resumed search has the same trials, results and weights", arguments: [1, 4, 7])
    func resumption(stepsAtATime: Int) throws {
        let whole = try facts(tuner(path("whole")).run())
        var resuming = false
        var starts = 0
        while true {
            var steps = 0
            let outcome = try tuner(path("stopped"), resuming: resuming).run(
                report: { if case .training(_, .step) = $0 { steps += 1 } }, shouldStop: { steps >= stepsAtATime })
            starts += 1
            resuming = true
            if case .stopped = outcome { continue }
            let resumed = try facts(outcome)
            #expect(resumed.best == whole.best)
            #expect(resumed.trials == whole.trials)
            break
        }
        #expect(starts > 2)
        #expect(try TinyExperiment.weights(in: path("stopped")) == TinyExperiment.weights(in: path("whole")))
    }

    @Test(
        "Lines missing from the journal are restored from the saved states of the trials", arguments: [0, 0.5, 0.97])
    func lostLines(kept: Double) throws {
        let whole = try facts(tuner(path("whole")).run())
        var steps = 0
        _ = try tuner(path("torn")).run(
            report: { if case .training(_, .step) = $0 { steps += 1 } }, shouldStop: { steps >= 14 })
        let journal = URL(filePath: path("torn")).appending(path: "trials.jsonl")
        let lines = try Data(contentsOf: journal)
        try lines.prefix(Int(kept * Double(lines.count))).write(to: journal)
        let resumed = try facts(tuner(path("torn"), resuming: true).run())
        #expect(resumed.best == whole.best)
        #expect(resumed.trials == whole.trials)
    }

    @Test("A diverging trial counts as failed, and the search ends if every trial diverges")
    func divergence() throws {
        func tuner(_ path: String, diverging: Set<String>) throws -> Tuner {
            let recipe = TinyExperiment.recipe()
            let plan = TuningPlan(
                searches: ["head-dropout=choice:0,0.1,0.2,0.3,0.4,0.5"], strategy: .random, seed: 1, halving: nil,
                recipe: recipe,
                training: TinyExperiment.abstracts(16, seed: 1), development: TinyExperiment.abstracts(6, seed: 2))
            return try Tuner(
                plan, limits: TuningLimits(trials: 6, seconds: nil), recipe: recipe, directory: RunDirectory(path: path)
            ) { recipe in
                if diverging.contains("\(recipe.dropout.head)") { throw TrainingError.diverged("the loss is nan") }
                return try TinyExperiment.job(recipe)
            }
        }
        var failed: [String] = []
        let (best, trials) = try facts(
            tuner(path("some"), diverging: ["0.0", "0.3", "0.5"]).run(report: {
                if case .failed(let run, let reason) = $0 { failed.append("\(run.name): \(reason)") }
            }))
        #expect(trials.count { $0.status == .failed } == 3)
        #expect(trials.filter { $0.status == .failed }.map { "trial-\($0.number): the loss is nan" } == failed)
        #expect(trials[best - 1].status == .finished)
        let all = try tuner(path("all"), diverging: ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"])
        #expect(throws: TrainingError.diverged("the loss is nan")) { _ = try all.run() }
    }

    @Test("A directory with another, an unfinished or a finished search is refused")
    func refusals() throws {
        func refusal(_ make: () throws -> Tuner) -> String {
            (#expect(throws: ExperimentError.self) { _ = try make() })?.description ?? ""
        }
        #expect(refusal { try tuner(path("tuned"), resuming: true) }.contains("holds no search to resume"))
        #expect(!FileManager.default.fileExists(atPath: path("tuned")))
        _ = try tuner(path("tuned"), trials: 1).run(shouldStop: { true })
        #expect(refusal { try tuner(path("tuned")) }.contains("Add --resume"))
        let other = refusal { try tuner(path("tuned"), resuming: true, searches: ["warm-up=0..0.5"], seed: 2) }
        #expect(other.contains("--search (") && other.contains("--search-seed (changed from 1 to 2)"), "\(other)")
        _ = try tuner(path("tuned"), resuming: true, trials: 1).run()
        #expect(refusal { try tuner(path("tuned")) }.contains("already holds a checkpoint"))
        for file in ["tuning.json", "trials.jsonl"] {
            let copy = try TemporaryDirectory(copyOf: URL(filePath: path("tuned")))
            try FileManager.default.removeItem(at: copy.url.appending(path: file))
            #expect(
                refusal { try tuner(copy.url.path(), resuming: true) }.contains("already holds a checkpoint"), "\(file)"
            )
        }
    }

    @Test("No trial is removed if the checkpoint of a finished search was replaced by another")
    func foreignCheckpoint() throws {
        _ = try tuner(path("tuned"), trials: 1).run()
        _ = try Trainer(TinyExperiment.job(TinyExperiment.recipe()), directory: RunDirectory(path: path("other"))).run()
        for file in ["model.safetensors", "training.json"] {
            try FileManager.default.removeItem(atPath: path("tuned/\(file)"))
            try FileManager.default.copyItem(atPath: path("other/\(file)"), toPath: path("tuned/\(file)"))
        }
        try FileManager.default.createDirectory(
            atPath: path("tuned/trials/trial-1"), withIntermediateDirectories: true)
        let resumed = try tuner(path("tuned"), resuming: true, trials: 1)
        let error = #expect(throws: TrainingError.self) { _ = try resumed.run() }
        #expect(error?.description.contains("was trained with other settings or data") == true)
        #expect(FileManager.default.fileExists(atPath: path("tuned/trials/trial-1")))
    }

    @Test("A finished search returns its results again, completes its clean-up and runs no trial")
    func finished() throws {
        let whole = try tuner(path("tuned")).run()
        guard case .finished(_, let best) = whole else { throw ExperimentError.output("the search was stopped") }
        let weights = try TinyExperiment.weights(in: path("tuned"))
        // As if it had been killed before the trials were removed.
        try FileManager.default.createDirectory(
            atPath: path("tuned/trials/trial-1"), withIntermediateDirectories: true)
        var events = 0
        let resumed = try tuner(path("tuned"), resuming: true, trials: 9)
        #expect(resumed.wasFinished)
        let again = try resumed.run(report: { _ in events += 1 })
        #expect(try facts(again) == facts(whole) && events == 0)
        guard case .finished(_, let bestAgain) = again else { return }
        #expect(bestAgain.development.predictions == best.development.predictions)
        #expect(bestAgain.history.count == best.history.count && bestAgain.best.epoch == best.best.epoch)
        #expect(try TinyExperiment.weights(in: path("tuned")) == weights)
        #expect(!FileManager.default.fileExists(atPath: path("tuned/trials")))
    }

    @Test("A range with an end that the recipe refuses is refused before anything is written")
    func extremes() {
        let error = #expect(throws: TrainingError.self) {
            _ = try tuner(path("tuned"), searches: ["learning-rate=0.1..5"])
        }
        #expect(error?.description.hasPrefix("--learning-rate is 5.0") == true)
        #expect(!FileManager.default.fileExists(atPath: path("tuned")))
    }

    @Test("A search needs a positive limit")
    func limits() {
        #expect(throws: ExperimentError.self) { _ = try TuningLimits(trials: nil, seconds: nil) }
        #expect(throws: ExperimentError.self) { _ = try TuningLimits(trials: 0, seconds: nil) }
        #expect(throws: ExperimentError.self) { _ = try TuningLimits(trials: nil, seconds: -1) }
    }
}
