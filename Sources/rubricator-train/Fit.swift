import ArgumentParser
import Checkpoint
import Console
import Corpora
import Evaluation
import Kernels
import Labelling
import MLflow
import Model
import RunTracking
import Runs
import Text
import Tracking
import Training

struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a checkpoint or a baseline on labelled abstracts or texts.",
        discussion: """
            --base is a directory with config.json, vocab.txt and weights: a BERT encoder, or a checkpoint to train further. The \
            trained checkpoint in --out can be read by rubricator and by Hugging Face transformers; training.json in the same \
            directory records how it was made.

            The program evaluates every epoch on the development data and keeps the best one. Ctrl-C saves the state; the \
            same command with --resume continues, and the result is byte-identical to that of an uninterrupted run. If the run already finished, --resume prints \
            its results again and completes its tracking.

            Baselines (--model tfidf-sgd, boosted-trees or gru) train on the same files for the tasks sentence, text and \
            multi-label-text, and are evaluated in the same way. baseline.json records them.
            """)

    @Option(help: "Model to train: a checkpoint (bert), or a baseline to compare it with.")
    var model = FitModel.bert

    @Option(help: "Checkpoint or encoder to start from; needed for bert.")
    var base: String?

    @Option(
        parsing: .upToNextOption,
        help: "Training files, optionally gzip-compressed; \"-\" is standard input.")
    var train: [String]

    @Option(
        parsing: .upToNextOption,
        help: "Files to evaluate every epoch on (default: a fraction of --train, see --dev-share).")
    var dev: [String] = []

    @Option(
        parsing: .upToNextOption,
        help:
            "Test files. The finished model is evaluated on them once; they do not influence training or model selection."
    )
    var test: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Checkpoints to distil from (teachers); their predictions are averaged. See --taught-share.")
    var teacher: [String] = []

    @Option(
        parsing: .upToNextOption,
        help:
            "JSON lines of abstracts without labels, {\"text\": …} each, optionally gzip-compressed. The teachers label them."
    )
    var unlabelled: [String] = []

    @Option(help: "Directory to write to.")
    var out: String

    @Option(help: "Name of the trained model (default: the name of the output directory).")
    var name: String?

    @Flag(help: "Resume the run in --out.")
    var resume = false

    @OptionGroup var intervals: IntervalOptions

    @OptionGroup(title: "Recipe") var options: RecipeOptions
    @OptionGroup(title: "Baselines") var baseline: BaselineOptions
    @OptionGroup(title: "Corpus") var corpus: TrainingCorpusOptions
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func validate() throws {
        if train.isEmpty { throw ValidationError("--train needs at least one file.") }
        if !unlabelled.isEmpty, teacher.isEmpty {
            throw ValidationError("--unlabelled needs --teacher, which labels the abstracts.")
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
        let data = try read(for: recipe.task)
        let job = try plan(recipe, base: checkpoint, data)
        show(job, data)
        let directory = RunDirectory(path: out)
        let train = try training(job, in: directory)
        StopSignal.install()
        let display = ProgressDisplay(interval: intervals.progressEvery)
        defer { display.finish() }
        let command = TrackedCommand(
            tracker: tracker(of: job, in: directory), display: display, show: { display.show($0) }, tracking: tracking,
            directory: out)
        try command.run { report, shouldStop in
            switch try train(report, shouldStop) {
            case .finished(let training): .finished(training)
            case .stopped(let step): .stopped { stopped("the state after step \(step) is saved", resuming: resume) }
            }
        } report: { training in
            try report(training, data)
        } record: { results, tracker in
            if tracker.run.wasFinished {
                tracker.run.finish(.finished)
                return []
            }
            let warning = tracker.finish(
                results, environment: TrackingOptions.origin, registered: tracking.register, aliases: tracking.alias)
            return [warning].compactMap(\.self)
        }
    }

    /// The data of a run.
    struct FitData {
        let training: LabelledCorpus
        let development: LabelledCorpus?
        let test: LabelledCorpus?

        /// Prints how many blank sentences and texts were skipped in each part.
        func showOmissions() {
            for (part, corpus) in [("training", training), ("development", development), ("test", test)] {
                if let omitted = corpus?.omitted { Terminal.show("\(part) data: \(omitted)\n") }
            }
        }
    }

    func read(for task: TrainingTask) throws -> FitData {
        FitData(
            training: try corpus.readTraining(train, unlabelled: unlabelled, for: task),
            development: dev.isEmpty ? nil : try corpus.read(dev, for: task),
            test: test.isEmpty ? nil : try corpus.read(test, for: task))
    }

    private func plan(_ recipe: Recipe, base: BaseCheckpoint, _ data: FitData) throws -> TrainingJob {
        let job = try TrainingJob(
            recipe: recipe, base: base, training: data.training, development: data.development,
            teachers: teacher.map(BaseCheckpoint.init), labels: corpus.labelNames,
            name: name ?? RunDirectory(path: out).name)
        let labels = try data.test.map { try DataRecord.Part($0, for: recipe.task).labels.keys.sorted() } ?? []
        if let unknown = labels.first(where: { !job.labels.contains($0) }) {
            throw CorpusError(
                description:
                    "the test data have the label \"\(unknown)\", but the labels of the training data are \(job.labels.joined(separator: ", ")). Correct the label, or add training examples."
            )
        }
        return job
    }

    private func show(_ job: TrainingJob, _ data: FitData) {
        data.showOmissions()
        Terminal.show(
            "\(job.recipe.task.rawValue) from \(job.data.base): training on \(job.data.training), development on \(job.data.development); labels \(job.labels.joined(separator: ", "))\n"
        )
        if job.recipe.precision == .bfloat16, !BFloat16Product.isFast {
            Terminal.show("warning: this processor has no bfloat16 instructions; --precision float32 is faster here.\n")
        }
    }

    /// Training of a job: it reports events, asks whether to stop, and returns how it ended.
    private typealias Training = (_ report: (TrainingEvent) -> Void, _ shouldStop: () -> Bool) throws -> TrainingOutcome

    /// The training that a job still needs; none where the run finished before and only its results are reported again.
    private func training(_ job: TrainingJob, in directory: RunDirectory) throws -> Training {
        if resume, !directory.holdsState, case .finished(let history, let best) = try directory.progress(of: job) {
            Terminal.show("\(out): the run is finished; these are its results.\n")
            return { _, _ in .finished(try directory.finishedTraining(of: job, history: history, best: best)) }
        }
        let trainer = try Trainer(job, directory: directory, resuming: resume)
        trainer.savingInterval = intervals.saveEvery * 60
        return { try trainer.run(report: $0, shouldStop: $1) }
    }

    private func tracker(of job: TrainingJob, in directory: RunDirectory) -> TrainingTracker? {
        let run = tracking.begin(
            in: directory, for: job.recipe.task, name: job.configuration.name, tags: TrackingOptions.origin,
            resuming: resume)
        guard let run else { return nil }
        run.log(params: corpus.params)
        if !teacher.isEmpty {
            run.log(params: [KeyValue(option: "--teacher", teacher.joined(separator: ","))])
        }
        return TrainingTracker(run, recipe: job.recipe, labels: job.labels, data: job.data, directory: directory)
    }

    /// Prints the evaluations of the finished checkpoint.
    private func report(_ training: FinishedTraining, _ data: FitData) throws -> TrainingResults {
        Terminal.print(
            line: "Epoch \(training.best.epoch) on the development data\n\n\(training.development.report)")
        Terminal.show("\(out): the checkpoint is complete.\n")
        let recipe = training.recipe
        let results = TrainingResults(
            training, test: try data.test.map { try evaluation(of: $0, recipe: recipe) },
            testData: try data.test.map { try DataRecord.Part($0, for: recipe.task) })
        if let test = results.test { Terminal.print(line: "\nOn the test data\n\n\(test.report)") }
        return results
    }

    /// The evaluation of the finished checkpoint on the test data.
    private func evaluation(of test: LabelledCorpus, recipe: Recipe) throws -> ModelEvaluation {
        let engine = Engine(try Labeller(CheckpointDirectory(path: out)), threads: recipe.threads)
        return try ModelEvaluation(test, task: recipe.task, engine: engine)
    }
}
