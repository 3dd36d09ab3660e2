import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import Kernels
import Labelling
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Trainer")
struct TrainerTests {
    /// Stops a run repeatedly, each time after the given number of steps, and resumes it with a new trainer.
    @Test("A resumed run ends with the same weights as an uninterrupted one", arguments: [1, 3, 5])
    func resumption(stepsAtATime: Int) throws {
        let directory = try TemporaryDirectory()
        let whole = try TinyRun.weights(TinyRun.job(), in: directory)
        let path = directory.url.appending(path: "stopped").path()
        var resuming = false
        var starts = 0
        while true {
            let trainer = try Trainer(TinyRun.job(), directory: RunDirectory(path: path), resuming: resuming)
            var steps = 0
            let outcome = try trainer.run(
                report: { if case .step = $0 { steps += 1 } }, shouldStop: { steps == stepsAtATime })
            starts += 1
            guard case .stopped = outcome else { break }
            resuming = true
        }
        #expect(starts > 1)
        #expect(try TinyRun.weights(in: path) == whole)
        let other = directory.url.appending(path: "run").path()
        #expect(try TinyRun.history(in: path) == TinyRun.history(in: other))
        #expect(!RunDirectory(path: path).holdsState)
    }

    @Test("The best epoch is kept, not the last")
    func bestEpoch() throws {
        // Every development label is shifted by one role, so the metric falls as the network learns.
        let wrong = TinyRun.abstracts(10, seed: 2).map { abstract in
            var abstract = abstract
            for index in abstract.sentences.indices {
                let label = TinyRun.labels.firstIndex(of: abstract.sentences[index].labels[0]) ?? 0
                abstract.sentences[index].labels = [TinyRun.labels[(label + 1) % TinyRun.labels.count]]
            }
            return abstract
        }
        var recipe = TinyRun.recipe
        recipe.epochs = 12
        recipe.learningRate = 3e-3
        recipe.headLearningRate = 3e-2
        recipe.averaging = 0
        let job = try TinyRun.job(recipe, development: TinyRun.corpus(wrong))
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: "run").path()
        var figures: [Double] = []
        let outcome = try Trainer(job, directory: RunDirectory(path: path)).run(report: {
            if case .evaluated(let record, _) = $0 { figures.append(record.development.microF1) }
        })
        guard case .finished(let finished) = outcome else {
            Issue.record("the run did not finish")
            return
        }
        let highest = try #require(figures.max())
        #expect(try #require(figures.last) < highest)
        #expect(finished.best.epoch == figures.firstIndex(of: highest).map { $0 + 1 })
        let labeller = try Labeller(CheckpointDirectory(path: path))
        let prepared = try wrong.map { try labeller.prepare(Abstract(sentences: $0.sentences.map(\.text))) }
        let given = Engine(labeller, threads: 2).label(prepared).flatMap(\.sentences).map { labeller.labels[$0.label] }
        let truth = wrong.flatMap(\.sentences).flatMap(\.labels)
        #expect(Double(zip(given, truth).count { $0 == $1 }) / Double(truth.count) == finished.best.development.microF1)
    }

    @Test("Equal seeds give equal weights, and different seeds different ones")
    func seeds() throws {
        func weights(seed: UInt64) throws -> Data {
            var recipe = TinyRun.recipe
            recipe.seed = seed
            return try TinyRun.weights(TinyRun.job(recipe), in: TemporaryDirectory())
        }
        let first = try weights(seed: 7)
        #expect(try weights(seed: 7) == first)
        #expect(try weights(seed: 8) != first)
    }

    struct Overfitting: CustomTestStringConvertible, Sendable {
        let task: TrainingTask
        let base: String
        var testDescription: String { "\(task.rawValue) from \(base)" }
    }

    static let overfittings = [
        Overfitting(task: .sequenceLabelling, base: "sequence-labeller-f32"),
        Overfitting(task: .sequenceLabelling, base: "encoder-only-no-prefix"),
        Overfitting(task: .sentence, base: "sequence-labeller-f32"),
        Overfitting(task: .text, base: "bioclinical-cased"),
        Overfitting(task: .multiLabelText, base: "multilabel"),
    ]

    @Test("A few items are memorised, and the written checkpoint labels them correctly", arguments: overfittings)
    func overfitting(_ row: Overfitting) throws {
        var recipe = Recipe(task: row.task)
        recipe.learningRate = 3e-3
        recipe.headLearningRate = 3e-2
        recipe.dropout = .none
        recipe.maskedNumbers = 0
        recipe.maskedPieces = 0
        recipe.shortened = 0
        recipe.exactShare = 1
        recipe.averaging = 0
        recipe.epochs = 60
        recipe.storage = .f32
        // Keep whole abstracts in one window, because windows overlap in the checkpoint but not in training.
        if row.task == .sequenceLabelling { recipe.maxLength = 120 }
        let corpus =
            row.task.readsAbstracts ? TinyRun.corpus(TinyRun.abstracts(4)) : TinyRun.corpus(TinyRun.texts(20))
        let job = try TrainingJob(
            recipe: recipe, base: TinyRun.base(row.base), training: corpus, development: corpus, name: "tiny")
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: "run").path()
        var loss = Double.infinity
        let outcome = try Trainer(job, directory: RunDirectory(path: path)).run(report: {
            if case .step(let progress) = $0 { loss = progress.loss }
        })
        #expect(loss < 0.02)
        guard case .finished(let finished) = outcome else {
            Issue.record("the run did not finish")
            return
        }
        #expect(finished.best.development.microF1 == 1)
        let labeller = try Labeller(CheckpointDirectory(path: path))
        #expect(labeller.labels == job.labels)
        #expect(labeller.model.configuration.task == row.task.checkpointTask)
    }

    @Test("A run with longer windows than the base's writes a checkpoint with as many positions")
    func longerWindows() throws {
        var recipe = TinyRun.recipe
        recipe.maxLength = try TinyRun.base().configuration.positions + 20
        // The abstracts fill two windows of the base.
        let abstracts = TinyRun.abstracts(12).map { abstract in
            TrainingAbstract(
                id: abstract.id,
                sentences: Array([[TrainingAbstract.Sentence]](repeating: abstract.sentences, count: 3).joined()))
        }
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: "run").path()
        let job = try TinyRun.job(recipe, training: TinyRun.corpus(abstracts))
        guard case .finished = try Trainer(job, directory: RunDirectory(path: path)).run() else {
            Issue.record("the run was stopped")
            return
        }
        let labeller = try Labeller(CheckpointDirectory(path: path))
        #expect(labeller.model.configuration.positions == recipe.maxLength)
        #expect(labeller.model.configuration.windowPieces == recipe.maxLength)
    }

    @Test("A loss that is not finite stops the run with an error that names the step")
    func divergence() throws {
        var recipe = TinyRun.recipe
        recipe.learningRate = 1
        recipe.headLearningRate = 1
        recipe.clip = 1e6
        recipe.warmUp = 0
        recipe.epochs = 200
        let directory = try TemporaryDirectory()
        let trainer = try Trainer(
            TinyRun.job(recipe), directory: RunDirectory(path: directory.url.appending(path: "run").path()))
        trainer.network.parameters[0].value[4, 0] = .infinity
        let error = #expect(throws: TrainingError.self) { _ = try trainer.run() }
        #expect(error?.description.contains("step 1 (step 1 of epoch 1, batch") == true)
        #expect(error?.description.contains("No state was saved") == true)
    }

    @Test("Resuming with other settings or data is refused, and the differences are named")
    func otherRun() throws {
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.path())
        _ = try Trainer(TinyRun.job(), directory: run).run(shouldStop: { true })
        var recipe = TinyRun.recipe
        recipe.learningRate = 5e-4
        recipe.threads = 1
        let other = try TinyRun.job(recipe, training: TinyRun.corpus(TinyRun.abstracts(25)))
        let error = #expect(throws: TrainingError.self) { _ = try Trainer(other, directory: run, resuming: true) }
        let sentence = error?.description ?? ""
        for part in [
            "--learning-rate (changed from 0.001 to 0.0005)", "--threads (changed from 2 to 1)",
            "the training data (changed from 24 items with SHA-256", "to 25 items with",
        ] {
            #expect(sentence.contains(part), "\(sentence)")
        }
        #expect(throws: Never.self) { _ = try Trainer(TinyRun.job(), directory: run, resuming: true) }
    }

    @Test("An existing run is not overwritten, and a missing run cannot be resumed")
    func existingRun() throws {
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.appending(path: "run").path())
        func refusal(resuming: Bool) -> String {
            (#expect(throws: TrainingError.self) { _ = try Trainer(TinyRun.job(), directory: run, resuming: resuming) })?
                .description ?? ""
        }
        #expect(refusal(resuming: true).contains("holds no run to resume"))
        _ = try Trainer(TinyRun.job(), directory: run).run(shouldStop: { true })
        #expect(refusal(resuming: false).contains("Add --resume"))
        _ = try Trainer(TinyRun.job(), directory: run, resuming: true).run()
        #expect(refusal(resuming: false).contains("already holds a trained model"))
        #expect(refusal(resuming: true).contains("holds a finished run"))
    }

    @Test("A directory reports the progress of its run, and refuses another job")
    func progress() throws {
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.appending(path: "run").path())
        let job = try TinyRun.job()
        guard case .none = try run.progress(of: job) else {
            Issue.record("an empty directory holds a run")
            return
        }
        var epochs = 0
        _ = try Trainer(job, directory: run).run(
            report: { if case .evaluated = $0 { epochs += 1 } }, shouldStop: { epochs == 1 })
        guard case .unfinished(let history) = try run.progress(of: job) else {
            Issue.record("no unfinished run was found")
            return
        }
        #expect(history.map(\.epoch) == [1])
        guard case .finished(let finished) = try Trainer(job, directory: run, resuming: true).run(),
            case .finished(let whole, let told) = try run.progress(of: job)
        else {
            Issue.record("the run was not finished")
            return
        }
        #expect(told == finished.best)
        #expect(whole.map(\.epoch) == [1, 2])
        var recipe = TinyRun.recipe
        recipe.learningRate = 5e-4
        let error = #expect(throws: TrainingError.self) { _ = try run.progress(of: TinyRun.job(recipe)) }
        #expect(error?.description.contains("--learning-rate (changed from 0.001 to 0.0005)") == true)
    }

    @Test("A directory can be used by only one run at a time")
    func secondRun() throws {
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.path())
        do {
            let first = try Trainer(TinyRun.job(), directory: run)
            let error = #expect(throws: TrainingError.self) { _ = try Trainer(TinyRun.job(), directory: run) }
            #expect(error?.description.contains("in use by another run") == true)
            _ = try first.run(shouldStop: { true })
        }
        #expect(throws: Never.self) { _ = try Trainer(TinyRun.job(), directory: run, resuming: true) }
    }

    @Test("An unwritable output directory is refused before training")
    func unwritableOutput() throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: "file")
        try Data("text".utf8).write(to: file)
        let run = RunDirectory(path: file.appending(path: "run").path())
        let error = #expect(throws: TrainingError.self) { _ = try Trainer(TinyRun.job(), directory: run) }
        #expect(error?.description.contains("cannot be written to") == true)
    }

    @Test("If the state cannot be saved, the previous state is kept and training continues")
    func unwritableState() throws {
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.path())
        _ = try Trainer(TinyRun.job(), directory: run).run(shouldStop: { true })
        let state = directory.url.appending(path: "state/state.json")
        let saved = try Data(contentsOf: state)
        let trainer = try Trainer(TinyRun.job(), directory: run, resuming: true)
        trainer.savingInterval = 0
        // A file cannot replace a directory, whichever user runs the test.
        let blocked = directory.url.appending(path: "state/step-2.safetensors/x")
        try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: true)
        var reasons: [String] = []
        var saves: [Int] = []
        _ = try trainer.run(
            report: {
                if case .notSaved(let reason) = $0 {
                    reasons.append(reason)
                    #expect((try? Data(contentsOf: state)) == saved)
                }
                if case .saved(let step) = $0 { saves.append(step) }
            }, shouldStop: { saves.count == 1 })
        #expect(reasons.count == 1)
        #expect(reasons.first?.contains("The previous state, step-1.safetensors, is kept") == true)
        #expect(saves.first == 3)
    }

    @Test("A damaged state is refused", arguments: ["{}", "{\"recipe\": 1}", "not JSON"])
    func damagedState(contents: String) throws {
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.path())
        _ = try Trainer(TinyRun.job(), directory: run).run(shouldStop: { true })
        try Data(contents.utf8).write(to: directory.url.appending(path: "state/state.json"))
        let error = #expect(throws: TrainingError.self) {
            _ = try Trainer(TinyRun.job(), directory: run, resuming: true)
        }
        #expect(error?.description.contains("state.json cannot be read") == true)
    }

    @Test("A finished run leaves only the checkpoint and its record")
    func emission() throws {
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: "run").path()
        _ = try Trainer(TinyRun.job(), directory: RunDirectory(path: path)).run()
        let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(
            files == [
                "config.json", "model.safetensors", "profile.json", "tokenizer_config.json", "training.json",
                "vocab.txt",
            ])
        let store = try CheckpointDirectory(path: path).tensors()
        #expect(store.tensors.allSatisfy { $0.elementType == .f16 })
        #expect(store.metadata == ["format": "pt"])
        struct Record: Decodable {
            struct Epoch: Decodable {
                let epoch: Int
            }
            let history: [Epoch]
            let steps: Int
        }
        let record = try JSONDecoder().decode(
            Record.self, from: Data(contentsOf: URL(filePath: path).appending(path: "training.json")))
        #expect(record.history.map(\.epoch) == [1, 2])
        #expect(record.steps > 2)
    }

    @Test("Too little memory is refused with the largest token budget that fits")
    func memory() throws {
        var recipe = TinyRun.recipe
        recipe.tokensPerBatch = 100_000
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.path())
        let job = try TinyRun.job(recipe)
        let whole = try Trainer(job, directory: run, availableMemory: nil).memory
        let error = #expect(throws: TrainingError.self) {
            _ = try Trainer(job, directory: run, availableMemory: whole.total - whole.workspace / 2)
        }
        let words = (error?.description ?? "").split(separator: " ")
        let option = try #require(words.firstIndex(of: "--tokens-per-batch"))
        let fitting = try #require(Int(words[option + 2].prefix { $0.isNumber }))
        #expect((40_000...60_000).contains(fitting))
        let nothing = #expect(throws: TrainingError.self) {
            _ = try Trainer(job, directory: run, availableMemory: 1_000)
        }
        #expect(nothing?.description.contains("at least") == true)
    }
}
