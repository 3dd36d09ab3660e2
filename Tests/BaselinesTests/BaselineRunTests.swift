import Baselines
import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import Runs
import TestSupport
import Testing

@Suite("Baselines")
struct BaselineRunTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let kind: BaselineKind
        let task: TrainingTask
        var position = false
        var testDescription: String { "\(kind.rawValue), \(task.rawValue)\(position ? " with places" : "")" }

        var recipe: BaselineRecipe {
            var recipe = BaselineRecipe(kind, task: task)
            recipe.positionFeature = position
            recipe.threads = 2
            if case .gru(var settings) = recipe.settings {
                settings.embeddingWidth = 16
                settings.stateWidth = 12
                settings.epochs = 12
                settings.batchSize = 8
                settings.learningRate = 2e-2
                recipe.settings = .gru(settings)
            }
            return recipe
        }

        func run(_ recipe: BaselineRecipe? = nil, in path: String? = nil) throws -> BaselineRun {
            try BaselineRun(
                recipe ?? self.recipe, training: TinyCorpus.corpus(task, count: 48, seed: 1),
                development: TinyCorpus.corpus(task, count: 16, seed: 2),
                test: TinyCorpus.corpus(task, count: 24, seed: 3), directory: path.map(RunDirectory.init))
        }
    }

    /// Boosted trees are tested only if libxgboost is installed.
    static let kinds = BaselineKind.allCases.filter { $0 != .boostedTrees || XGBoostLibrary.isInstalled }
    static let rows: [Row] = kinds.flatMap { kind in
        [TrainingTask.sentence, .text, .multiLabelText].map { Row(kind: kind, task: $0) }
            + [Row(kind: kind, task: .sentence, position: true)]
    }

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func bytes(_ path: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != BaselineRecord.fileName {
            files[name] = try Data(contentsOf: URL(filePath: path).appending(path: name))
        }
        return files
    }

    @Test(
        "A baseline learns from words, reproduces its bytes and predicts the same after loading",
        arguments: rows)
    func learns(_ row: Row) throws {
        let run = try row.run(in: path("first"))
        #expect(run.record.developmentFigures.microF1 == 1)
        let test = try #require(run.test)
        #expect(Figures(test).microF1 == 1)
        #expect(run.record.bytes > 0 && run.record.cost.microseconds > 0)

        _ = try row.run(in: path("second"))
        let files = try bytes(path("first"))
        #expect(try bytes(path("second")) == files)
        #expect(files["state"] == nil)

        let read = try Baseline(path: path("first"))
        #expect(read.recipe == row.recipe && read.labels == test.labels)
        #expect(try read.predictions(for: TinyCorpus.corpus(row.task, count: 24, seed: 3)) == test)
    }

    @Test("Identical sentences are labelled correctly only with the position feature", arguments: kinds)
    func places(_ kind: BaselineKind) throws {
        func microF1(_ position: Bool) throws -> Double {
            let row = Row(kind: kind, task: .sentence, position: position)
            let run = try BaselineRun(
                row.recipe, training: TinyCorpus.places(count: 40), development: TinyCorpus.places(count: 6))
            return run.record.developmentFigures.microF1
        }
        #expect(try microF1(true) == 1)
        #expect(try microF1(false) < 0.5)
    }

    @Test(
        "Predictions of the linear model and the network do not depend on the number of threads",
        arguments: [BaselineKind.tfidfSGD, .gru])
    func threads(_ kind: BaselineKind) throws {
        let run = try Row(kind: kind, task: .sentence).run()
        let corpus = TinyCorpus.corpus(.sentence, count: 24, seed: 3)
        #expect(
            try run.baseline.predictions(for: corpus, threads: 1) == run.baseline.predictions(for: corpus, threads: 3))
    }

    @Test("A damaged or missing file is refused", arguments: kinds)
    func damage(_ kind: BaselineKind) throws {
        _ = try Row(kind: kind, task: .multiLabelText).run(in: path("whole"))
        let names = try FileManager.default.contentsOfDirectory(atPath: path("whole"))
        #expect(names.count >= 4)
        for name in names {
            for kind in ["missing", "truncated", "changed", "empty"] {
                let copy = try TemporaryDirectory(copyOf: URL(filePath: path("whole")))
                let file = copy.url.appending(path: name)
                var data = try Data(contentsOf: file)
                switch kind {
                case "missing": try FileManager.default.removeItem(at: file)
                case "truncated": try data.prefix(data.count / 2).write(to: file)
                case "changed":
                    // The first byte of a JSON file is a brace, so changing it breaks the file; in other files any byte matters.
                    data[data.startIndex] ^= 1
                    try data.write(to: file)
                default: try Data().write(to: file)
                }
                #expect(throws: (any Error).self, "\(kind) \(name)") { try Baseline(path: copy.url.path()) }
            }
        }
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let of: String
        let with: String
        var testDescription: String { "\(of) → \(with)" }
    }

    @Test(
        "A baseline.json that contradicts its files is refused",
        arguments: [
            Lie(of: "\"format\" : 1", with: "\"format\" : 2"),
            Lie(of: "\"state_width\" : 12", with: "\"state_width\" : 13"),
            Lie(of: "\"state_width\" : 12", with: "\"state_width\" : -1"),
            Lie(of: "\"state_width\" : 12", with: "\"state_width\" : 4611686018427387904"),
            Lie(of: "\"position_feature\" : false", with: "\"position_feature\" : true"),
            Lie(of: "\"model\" : \"gru\"", with: "\"model\" : \"tfidf-sgd\""),
            Lie(of: "    \"RESULTS\"\n", with: "    \"RESULTS\",\n    \"CONCLUSIONS\"\n"),
            Lie(of: "    \"RESULTS\"\n", with: "    \"METHODS\"\n"),
        ])
    func lies(_ lie: Lie) throws {
        _ = try Row(kind: .gru, task: .sentence).run(in: path("out"))
        let file = URL(filePath: path("out/baseline.json"))
        let json = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(json.contains(lie.of))
        try Data(json.replacing(lie.of, with: lie.with).utf8).write(to: file)
        #expect(throws: BaselineError.self) { try Baseline(path: path("out")) }
    }

    @Test("A directory that holds a trained model is not written to")
    func occupied() throws {
        let row = Row(kind: .tfidfSGD, task: .text)
        _ = try row.run(in: path("out"))
        #expect(throws: TrainingError.self) { try row.run(in: path("out")) }
    }

    @Test("A stopped training runs no further pass and leaves no files", arguments: kinds)
    func stopping(_ kind: BaselineKind) throws {
        let row = Row(kind: kind, task: .text)
        var passes = 0
        #expect(throws: CancellationError.self) {
            _ = try BaselineRun(
                row.recipe, training: TinyCorpus.corpus(.text, count: 48, seed: 1),
                directory: RunDirectory(path: path("out")), report: { _ in passes += 1 }, shouldStop: { true })
        }
        #expect(passes == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path("out")).isEmpty)
    }

    @Test("A finished baseline is loaded with the same results, or refused if it was trained differently")
    func finished() throws {
        let row = Row(kind: .tfidfSGD, task: .multiLabelText)
        let run = try row.run(in: path("out"))
        func found(_ recipe: BaselineRecipe, seed: UInt64 = 1) throws -> BaselineRun {
            try BaselineRun(
                finishedIn: RunDirectory(path: path("out")), recipe,
                training: TinyCorpus.corpus(row.task, count: 48, seed: seed),
                development: TinyCorpus.corpus(row.task, count: 16, seed: 2))
        }
        let again = try found(row.recipe)
        #expect(again.development == run.development && again.record == run.record && run.record.test != nil)
        var other = row.recipe
        other.seed = 2
        for (named, work) in [
            ("--seed (changed from 1 to 2)", { try found(other) }),
            ("the training data", { try found(row.recipe, seed: 9) }),
        ] {
            let error = #expect(throws: TrainingError.self) { _ = try work() }
            #expect(error?.description.contains(named) == true)
        }
    }

    @Test("A label that occurs only in the test data is reported before training begins")
    func unknownTestLabel() {
        let texts = [TrainingText(id: "7", text: "of late", labels: ["CONCLUSIONS"])]
        var passes = 0
        let error = #expect(throws: CorpusError.self) {
            _ = try BaselineRun(
                BaselineRecipe(.tfidfSGD, task: .text), training: TinyCorpus.corpus(.text, count: 48, seed: 1),
                test: .texts(TrainingCorpus(items: texts, omissions: CorpusOmissions(), sources: [])),
                report: { _ in passes += 1 })
        }
        #expect(error?.description.contains("CONCLUSIONS") == true && passes == 0)
    }

    @Test("The files of a killed run are overwritten; a checkpoint is not")
    func killed() throws {
        let row = Row(kind: .tfidfSGD, task: .text)
        _ = try row.run(in: path("whole"))
        _ = try row.run(in: path("killed"))
        try FileManager.default.removeItem(atPath: path("killed/baseline.json"))
        let error = #expect(throws: TrainingError.self) { _ = try row.run(in: path("killed")) }
        #expect(error?.description.contains("already holds a trained model") == true)
        try FileManager.default.createDirectory(atPath: path("killed/state"), withIntermediateDirectories: false)
        try Data("{}".utf8).write(to: URL(filePath: path("killed/config.json")))
        #expect(throws: TrainingError.self) { _ = try row.run(in: path("killed")) }
        try FileManager.default.removeItem(atPath: path("killed/config.json"))
        _ = try row.run(in: path("killed"))
        #expect(try bytes(path("killed")) == bytes(path("whole")))
    }

    @Test("A failed write leaves no files that block the next run")
    func unwritten() throws {
        let row = Row(kind: .tfidfSGD, task: .multiLabelText)
        _ = try row.run(in: path("whole"))
        // A directory with content cannot be replaced by a file, so writing the thresholds fails after the weights.
        let thresholds = path("out/best_thresholds.json")
        try FileManager.default.createDirectory(atPath: "\(thresholds)/x", withIntermediateDirectories: true)
        let error = #expect(throws: TrainingError.self) { _ = try row.run(in: path("out")) }
        #expect(error?.description.contains("cannot be written") == true)
        try FileManager.default.removeItem(atPath: thresholds)
        _ = try row.run(in: path("out"))
        #expect(try bytes(path("out")) == bytes(path("whole")))
    }

    @Test("An invalid recipe is refused")
    func refusals() {
        func refused(_ change: (inout BaselineRecipe) -> Void) -> String {
            var recipe = BaselineRecipe(.tfidfSGD, task: .text)
            change(&recipe)
            return (#expect(throws: TrainingError.self) { try recipe.check() })?.description ?? ""
        }
        #expect(refused { $0.task = .sequenceLabelling }.contains("--task sentence"))
        #expect(refused { $0.positionFeature = true }.contains("--position-feature"))
        #expect(refused { $0.threads = 0 }.contains("--threads"))
        #expect(
            refused {
                var settings = LinearSettings()
                settings.l2 = .nan
                $0.settings = .tfidfSGD(settings)
            }.contains("--l2"))
    }

    @Test("A label that is not in the training data is reported")
    func unknownLabel() throws {
        let run = try Row(kind: .tfidfSGD, task: .text).run()
        let texts = [TrainingText(id: "7", text: "of late", labels: ["CONCLUSIONS"])]
        let corpus = LabelledCorpus.texts(TrainingCorpus(items: texts, omissions: CorpusOmissions(), sources: []))
        let error = #expect(throws: CorpusError.self) { try run.baseline.predictions(for: corpus) }
        #expect(error?.description.contains("CONCLUSIONS") == true)
    }
}
