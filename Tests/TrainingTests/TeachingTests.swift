import Checkpoint
import Corpora
import FoundationEssentials
import Labelling
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Distillation from teachers")
struct TeachingTests {
    private static let teachers = ["sequence-labeller-f32", "sequence-labeller-f16"]

    /// A recipe with a distillation weight of 1 and without randomness.
    private static var recipe: Recipe {
        var recipe = TinyRun.recipe
        recipe.taughtShare = 1
        recipe.dropout = .none
        recipe.maskedPieces = 0
        recipe.maskedNumbers = 0
        recipe.shortened = 0
        recipe.averaging = 0
        recipe.learningRate = 3e-3
        recipe.headLearningRate = 3e-2
        recipe.epochs = 1
        recipe.storage = .f32
        return recipe
    }

    @Test("A student learns its teacher's probabilities, independently of the labels")
    func student() throws {
        let abstracts = TinyRun.abstracts(4)
        let teacher = try Labeller(TinyRun.base("sequence-labeller-f16").directory)
        let job = try TrainingJob(
            recipe: Self.recipe, base: TinyRun.base("encoder-only-no-prefix"),
            training: TinyRun.corpus((0..<400).flatMap { _ in abstracts }),
            development: TinyRun.corpus(abstracts), teachers: [TinyRun.base("sequence-labeller-f16")], name: "student")
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: "run").path()
        var asked = 0
        _ = try Trainer(job, directory: RunDirectory(path: path)).run(report: {
            if case .asked(_, _, let abstracts, _) = $0 { asked = abstracts }
        })
        #expect(asked == 400 * abstracts.count)
        let student = try Labeller(CheckpointDirectory(path: path))
        func scores(_ labeller: Labeller, _ abstract: TrainingAbstract) throws -> [Double] {
            let prepared = try labeller.prepare(Abstract(sentences: abstract.sentences.map(\.text)))
            return Engine(labeller, threads: 1).label([prepared])[0].sentences.flatMap(\.scores)
        }
        for abstract in abstracts {
            let differences = try zip(scores(student, abstract), scores(teacher, abstract)).map { abs($0 - $1) }
            let mean = differences.reduce(0, +) / Double(differences.count)
            #expect(mean < 0.03, "\(abstract.id): \(mean)")
        }
    }

    @Test("Abstracts without labels are trained only on the teachers' predictions")
    func unlabelled() throws {
        let labelled = TinyRun.abstracts(3)
        var unlabelled = TinyRun.abstracts(2, seed: 5)
        for index in unlabelled.indices {
            for place in unlabelled[index].sentences.indices { unlabelled[index].sentences[place].labels = [] }
        }
        let job = try TinyRun.job(
            training: TinyRun.corpus(labelled).adding(
                TrainingCorpus(items: unlabelled, omissions: CorpusOmissions(), sources: [])),
            teachers: [Self.teachers[0]])
        var generator = SplitMix64(seed: 1)
        var set = job.training
        set.teach(
            (labelled + unlabelled).map { $0.sentences.map { _ in [0.2, 0.2, 0.2, 0.2, 0.2] } }, share: 0.3)
        func target(_ item: Int) -> Target {
            set.example(
                Reading(item: item, masksNumbers: false, sentences: nil), maskedPieces: 0, exactShare: 1,
                generator: &generator
            ).target
        }
        guard case .sequence(let named, _, _, let taught) = target(0),
            case .sequence(let free, _, _, let alone) = target(4)
        else {
            Issue.record("expected targets of sequences")
            return
        }
        #expect(!named.contains(where: \.isAll) && taught?.share == 0.3)
        #expect(free.allSatisfy(\.isAll) && alone?.share == 1)
    }

    @Test("A resumed run with teachers ends with the same weights as an uninterrupted one")
    func resumption() throws {
        let directory = try TemporaryDirectory()
        let whole = try TinyRun.weights(TinyRun.job(teachers: Self.teachers), in: directory)
        let path = directory.url.appending(path: "stopped").path()
        let first = try Trainer(TinyRun.job(teachers: Self.teachers), directory: RunDirectory(path: path))
            .run(shouldStop: { true })
        guard case .stopped = first else {
            Issue.record("the run was not stopped")
            return
        }
        var asked = false
        _ = try Trainer(
            TinyRun.job(teachers: Self.teachers), directory: RunDirectory(path: path), resuming: true
        ).run(report: { if case .asked = $0 { asked = true } })
        #expect(!asked)
        #expect(try TinyRun.weights(in: path) == whole)
    }

    @Test("An unsuitable teacher is refused, as is resuming a run with other teachers")
    func refused() throws {
        let error = #expect(throws: TrainingError.self) { _ = try TinyRun.job(teachers: ["scibert-like"]) }
        #expect(error?.description.contains("does not label the sentences") == true)
        let directory = try TemporaryDirectory()
        let run = RunDirectory(path: directory.url.path())
        _ = try Trainer(TinyRun.job(teachers: Self.teachers), directory: run).run(shouldStop: { true })
        let other = #expect(throws: TrainingError.self) {
            _ = try Trainer(TinyRun.job(teachers: [Self.teachers[0]]), directory: run, resuming: true)
        }
        #expect(other?.description.contains("the teachers") == true)
    }
}
