import RunTracking
import Runs
import Corpora
import ArgumentParser
import Checkpoint
import Console
import Evaluation
import Kernels
import Labelling
import MLflow
import Model
import Text
import Tracking
import Training

struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a checkpoint on labelled abstracts or texts.",
        discussion: """
            The base is a directory with config.json, vocab.txt and weights: a bare BERT encoder, or a checkpoint whose \
            training goes on. The trained checkpoint, in --out, is read by rubricator and by Hugging Face's transformers; \
            training.json beside it tells how it came about.

            Every epoch is measured on the development data and the best one is kept. Ctrl-C saves the state; the same \
            command with --resume goes on, to the same bytes; of a run that is finished it tells again how it came out, and \
            ends what is tracked of it.

            Baselines (--model tfidf-sgd, boosted-trees or gru) learn the tasks sentence, text and multi-label-text from the \
            same files and are measured alike; baseline.json tells the rest.
            """)

    @Option(help: "What to train: a checkpoint (bert), or a baseline that it should be better than.")
    var model = FitModel.bert

    @Option(help: "The checkpoint that bert begins from.")
    var base: String?

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
        help: "Files to measure what was trained on, once; nothing is chosen on them.")
    var test: [String] = []

    @Option(
        parsing: .upToNextOption,
        help:
            "Trained sequence labellers whose mean opinion of the training sentences is learnt beside the labels, see --taught-share."
    )
    var teacher: [String] = []

    @Option(
        parsing: .upToNextOption,
        help:
            "JSON lines of abstracts without labels, {\"text\": …} each, perhaps compressed by gzip; the teachers label them."
    )
    var unlabelled: [String] = []

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
    @OptionGroup(title: "Baselines") var baseline: BaselineOptions
    @OptionGroup(title: "Corpus") var corpus: TrainingCorpusOptions
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func validate() throws {
        if train.isEmpty { throw ValidationError("--train needs a file.") }
        if !unlabelled.isEmpty, teacher.isEmpty {
            throw ValidationError("--unlabelled needs a --teacher, which labels them.")
        }
        if !(saveEvery > 0) || !(progressEvery > 0) {
            throw ValidationError("--save-every and --progress-every must be above 0.")
        }
        try validateModel()
    }

    func run() throws {
        if case .baseline(let kind) = model {
            try endingProgram(on: "the baseline") { try fitBaseline(kind) }
        } else if let base {
            try endingProgram(on: "the base checkpoint \(base)") { try fit(from: base) }
        }
    }

    private func fit(from base: String) throws {
        let recipe = options.recipe()
        try recipe.check()
        let checkpoint = try BaseCheckpoint(path: base)
        let training = try corpus.readTraining(train, unlabelled: unlabelled, for: recipe.task)
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
                    "the test data have the label \"\(unknown)\"; the training data's labels are \(job.labels.joined(separator: ", "))."
            )
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
        let directory = RunDirectory(path: out)
        let work = try work(on: job, in: directory)
        StopSignal.install()
        let display = ProgressDisplay(interval: progressEvery)
        defer { display.finish() }
        let origin = TrackingOptions.origin
        let tracker = tracking.begin(
            in: directory, name: job.configuration.name, tags: origin, resuming: resume
        ).map { run in
            run.log(params: corpus.params)
            if !teacher.isEmpty {
                run.log(params: [KeyValue(option: "--teacher", teacher.joined(separator: ","))])
            }
            return TrainingTracker(run, recipe: recipe, labels: job.labels, data: job.data, directory: directory)
        }
        do {
            let outcome = try work(
                { event in
                    display.show(event)
                    tracker?.record(event)
                    for warning in tracker?.run.takeWarnings() ?? [] { display.warn(warning) }
                }, { StopSignal.number != nil })
            display.finish()
            switch outcome {
            case .finished(let training):
                Terminal.print(
                    line: "Epoch \(training.best.epoch) on the development data\n\n\(training.development.report)")
                Terminal.show("The checkpoint is in \(out).\n")
                let tested = try testing.map { try evaluation(of: $0, recipe: recipe) }
                if let tested { Terminal.print(line: "\nOn the test data\n\n\(tested.report)") }
                guard let tracker else { return }
                if tracker.run.wasFinished {
                    tracker.run.finish(.finished)
                } else {
                    let warning = tracker.finish(
                        TrainingResults(training, test: tested, testData: testData), environment: origin,
                        registered: tracking.register, aliases: tracking.alias)
                    if let warning { display.warn(warning) }
                }
                tracking.wait(for: [tracker.run], in: out)
            case .stopped(let step):
                tracking.stop(tracker.map { [$0.run] }, as: .killed, in: out)
                throw stopped("the state after step \(step) is saved", resuming: resume)
            }
        } catch  where !(error is ExitCode) {
            display.finish()
            tracking.stop(tracker.map { [$0.run] }, as: .failed, in: out)
            throw error
        }
    }

    /// What is told while a run is trained, whether it is to stop, and how it ended.
    private typealias Work = (_ report: (TrainingEvent) -> Void, _ shouldStop: () -> Bool) throws -> TrainingOutcome

    /// What is left to do of a job: its training, or, where that came to its end before all was told, nothing but telling.
    private func work(on job: TrainingJob, in directory: RunDirectory) throws -> Work {
        if resume, !directory.holdsState, case .finished(let history, let best) = try directory.progress(of: job) {
            Terminal.show("The run in \(out) is finished: nothing is trained, but how it came out is told again.\n")
            return { _, _ in
                .finished(try directory.finishedTraining(of: job, history: history, best: best))
            }
        }
        let trainer = try Trainer(job, directory: directory, resuming: resume)
        trainer.savingInterval = saveEvery * 60
        return { try trainer.run(report: $0, shouldStop: $1) }
    }

    /// The finished checkpoint on --test, which it has neither learnt from nor been chosen by.
    private func evaluation(of test: LabelledCorpus, recipe: Recipe) throws -> ModelEvaluation {
        let engine = Engine(try Labeller(CheckpointDirectory(path: out)), threads: recipe.threads)
        return try ModelEvaluation(test, task: recipe.task, engine: engine)
    }
}
