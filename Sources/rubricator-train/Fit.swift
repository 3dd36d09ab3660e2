import ArgumentParser
import Checkpoint
import Console
import Evaluation
import Kernels
import Labelling
import MLflow
import Model
import Text
import Training

struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a checkpoint on labelled abstracts or texts.",
        discussion: """
            The base is a directory with config.json, vocab.txt and weights: a bare BERT encoder, or a checkpoint whose \
            training goes on. The trained checkpoint, in --out, is read by rubricator and by Hugging Face's transformers; \
            training.json beside it tells how it came about.

            Every epoch is measured on the development data and the best one is kept. Ctrl-C saves the state; the same \
            command with --resume goes on, to the same bytes.
            """)

    @Option(help: "The checkpoint to begin from.")
    var base: String

    @Option(
        parsing: .upToNextOption,
        help: "Files to learn from, perhaps compressed by gzip; \"-\" for standard input.")
    var train: [String]

    @Option(
        parsing: .upToNextOption,
        help: "Files to measure every epoch on (default: a share of --train, see --dev-share).")
    var dev: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Files to measure the finished checkpoint on, once.")
    var test: [String] = []

    @Option(
        parsing: .upToNextOption,
        help:
            "Trained sequence labellers whose mean opinion of the training sentences is learnt beside the labels, see --taught-share."
    )
    var teacher: [String] = []

    @Option(help: "The directory to write to.")
    var out: String

    @Option(help: "The trained model's own name (default: the output directory's).")
    var name: String?

    @Flag(help: "Go on with the run in --out.")
    var resume = false

    @Option(help: "Minutes between two savings of the state.")
    var saveEvery = 10.0

    @Option(help: "Seconds between two lines of progress where there is no terminal.")
    var progressEvery = 30.0

    @OptionGroup(title: "Recipe") var options: RecipeOptions
    @OptionGroup(title: "Corpus") var corpus: CorpusOptions
    @OptionGroup(title: "Tracking") var trackingOptions: TrackingOptions

    func validate() throws {
        if train.isEmpty { throw ValidationError("--train needs a file.") }
        if !(saveEvery > 0) || !(progressEvery > 0) {
            throw ValidationError("--save-every and --progress-every must be above 0.")
        }
    }

    func run() throws {
        try endingProgram(on: "the base checkpoint \(base)") { try fit() }
    }

    private func fit() throws {
        let recipe = options.recipe()
        try recipe.check()
        let checkpoint = try BaseCheckpoint(path: base)
        let training = try corpus.read(train, for: recipe.task)
        let development = dev.isEmpty ? nil : try corpus.read(dev, for: recipe.task)
        let testing = test.isEmpty ? nil : try corpus.read(test, for: recipe.task)
        let job = try TrainingJob(
            recipe: recipe, base: checkpoint, training: training, development: development,
            teachers: teacher.map(BaseCheckpoint.init),
            labels: corpus.labelNames, name: name ?? RunDirectory(path: out).name)
        let testData = try testing.map { try DataRecord.Part($0, for: recipe.task) }
        if let unknown = testData?.labels.keys.sorted().first(where: { !job.labels.contains($0) }) {
            throw CorpusError(
                description:
                    "the test data have the label \"\(unknown)\"; the training data's labels are \(job.labels.joined(separator: ", ")).")
        }
        for (part, corpus) in [("training", training), ("development", development ?? training), ("test", testing)] {
            if let omitted = corpus?.omitted { Terminal.show("\(part) data: \(omitted)\n") }
        }
        Terminal.show(
            "\(recipe.task.rawValue) from \(job.data.base): \(job.data.training) to learn from, \(job.data.development) to measure on; \(job.labels.joined(separator: ", "))\n"
        )
        if recipe.precision == .bfloat16, !BFloat16Product.isFast {
            Terminal.show("warning: this processor has no bfloat16 instructions; --precision float32 is faster here.\n")
        }
        let trainer = try Trainer(job, directory: RunDirectory(path: out), resuming: resume)
        trainer.savingInterval = saveEvery * 60
        StopSignal.install()
        let display = ProgressDisplay(interval: progressEvery)
        defer { display.finish() }
        let tracking = RunTracking(trackingOptions, job: job, directory: trainer.directory, resuming: resume)
        do {
            let outcome = try trainer.run(
                report: { event in
                    display.show(event)
                    tracking?.record(event)
                    for warning in tracking?.takeWarnings() ?? [] { display.warn(warning) }
                }, shouldStop: { StopSignal.number != nil })
            display.finish()
            switch outcome {
            case .finished(let best, let report):
                Terminal.print(line: "Epoch \(best.epoch) on the development data\n\n\(report)")
                Terminal.show("The checkpoint is in \(out).\n")
                try finish(trainer, best: best, testing: testing, testData, tracking)
            case .stopped(let step):
                Terminal.show("stopped; the state after step \(step) is saved. To go on:\n  \(resumption)\n")
                tracking?.finish(.killed)
                throw ExitCode(128 + (StopSignal.number ?? 2))
            }
        } catch where !(error is ExitCode) {
            display.finish()
            tracking?.finish(.failed)
            throw error
        }
    }

    /// Measures the finished checkpoint on the test data, where there are any, and ends the tracked run.
    private func finish(
        _ trainer: Trainer, best: EpochRecord, testing: LabelledCorpus?, _ testData: DataRecord.Part?,
        _ tracking: RunTracking?
    ) throws {
        let recipe = trainer.job.recipe
        let tested = try testing.map { try tested($0, recipe: recipe) }
        if let tested { Terminal.print(line: "\nOn the test data\n\n\(tested.report)") }
        guard let tracking, let development = trainer.evaluated else { return }
        tracking.finish(
            TrainingResults(
                job: trainer.job, history: trainer.history, best: best, development: development, test: tested,
                testData: testData))
    }

    /// The finished checkpoint on --test, which it has neither learnt from nor been chosen by.
    private func tested(_ test: LabelledCorpus, recipe: Recipe) throws -> CheckpointEvaluation {
        let engine = Engine(try Labeller(CheckpointDirectory(path: out)), threads: recipe.threads)
        return try CheckpointEvaluation(test, task: recipe.task, engine: engine)
    }

    /// This very command with --resume, quoted for a shell; a tracking URI without its credentials.
    private var resumption: String {
        let arguments = CommandLine.arguments + (resume ? [] : ["--resume"])
        return arguments.map { shellWord(TrackingServer.withoutCredentials($0)) }.joined(separator: " ")
    }
}
