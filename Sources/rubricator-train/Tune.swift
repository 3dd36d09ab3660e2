public import ArgumentParser
import Console
import Corpora
import Evaluation
public import Experiments
import MLflow
import RunTracking
import Runs
import Tracking
import Training

struct Tune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Search for the recipe that is best on the development data.",
        discussion: """
            --search names a setting of the recipe and the values to try. Repeat it for several settings:

              learning-rate=1e-5..3e-4       uniform between the two
              learning-rate=log:1e-5..3e-4   uniform on a logarithmic scale
              epochs=1..4                    whole numbers, for epochs and all counts
              head-dropout=choice:0,0.1,0.2  one of these
              downsample                     a flag: with and without

              rubricator-train tune --base BERT --train train.txt --dev dev.txt --out tuned --budget 2h \\
                --search learning-rate=log:1e-5..3e-4 --search head-dropout=choice:0,0.1,0.2 --epochs 4

            A trial stops after --first-rung epochs unless it is among the best 1 in --eta trials that reached that rung \
            (successive halving). After more trials have run, it may be resumed from its saved state, with the \
            learning-rate schedule of a full run. Each rung has --eta times as many epochs as the one before. Until the search ends, \
            each saved state needs several times the disk space of the checkpoint.

            The checkpoint of the best trial is written to --out, as fit would write it, with tuning.json, which lists all trials. \
            Ctrl-C saves the state; the same command with --resume continues. If the search already finished, --resume prints \
            its results again and completes its tracking.

            Every trial is tracked as a nested run of one run for the search, which gets the best trial's checkpoint.
            """)

    @Option(help: "Checkpoint or encoder to start from.")
    var base: String

    @Option(parsing: .upToNextOption, help: "Training files, optionally gzip-compressed.")
    var train: [String]

    @Option(
        parsing: .upToNextOption,
        help: "Files to evaluate every epoch on (default: a fraction of --train, see --dev-share).")
    var dev: [String] = []

    @Option(help: "Directory to write to.")
    var out: String

    @Option(
        help: ArgumentHelp(
            "Setting to search and its values, such as learning-rate=log:1e-5..3e-4. Repeat it for several settings.",
            valueName: "setting=values"))
    var search: [String] = []

    @Option(
        help:
            "Strategy that proposes the next trial: random, or bayesian (a Gaussian process with expected improvement)."
    )
    var strategy = SearchStrategy.bayesian

    @Option(
        help:
            "Time limit of the whole search, such as 2h, 90m or 1h30m. A single epoch that takes longer overruns it."
    )
    var budget: TimeBudget?

    @Option(help: "Largest number of trials.")
    var trials: Int?

    @Option(help: "Keep one in N trials at each rung.")
    var eta = 3

    @Option(help: "Number of epochs before the first rung.")
    var firstRung = 1

    @Flag(help: "Train every trial to its end.")
    var noHalving = false

    @Option(help: "Seed of the search.")
    var searchSeed: UInt64 = 1

    @Flag(help: "Resume the search in --out.")
    var resume = false

    @OptionGroup var intervals: IntervalOptions

    @OptionGroup(title: "Recipe, of all trials") var options: RecipeOptions
    @OptionGroup(title: "Corpus") var corpus: TrainingCorpusOptions
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func validate() throws {
        if train.isEmpty { throw ValidationError("--train needs at least one file.") }
    }

    func run() throws {
        try endingProgram(on: "the base checkpoint \(base)") { try tune() }
    }

    private func tune() throws {
        let search = try plan()
        if search.tuner.wasFinished { Terminal.show("\(out): the search is finished; these are its results.\n") }
        OpenFileLimit.raise()
        StopSignal.install()
        let display = ExperimentDisplay(interval: intervals.progressEvery)
        defer { display.finish() }
        let command = TrackedCommand(
            tracker: try tracker(of: search), display: display, show: { display.show($0) }, tracking: tracking,
            directory: out)
        try command.run { report, shouldStop in
            switch try search.tuner.run(report: report, shouldStop: shouldStop) {
            case .finished(let record, let best): .finished((record, best))
            case .stopped: .stopped { stopped("the state of every trial is saved", resuming: resume) }
            }
        } report: { record, best in
            show(record, best)
            return (record, best)
        } record: { result, tracker in
            let warning = tracker.finish(
                result.0, best: result.1, directory: directory, environment: TrackingOptions.origin,
                registered: tracking.register, aliases: tracking.alias)
            return [warning].compactMap(\.self)
        }
    }

    /// A search that is ready to run, with its data.
    private struct Search {
        let plan: TuningPlan
        let training: LabelledCorpus
        let development: LabelledCorpus?
        let tuner: Tuner
    }

    private var directory: RunDirectory { RunDirectory(path: out) }

    private func plan() throws -> Search {
        let recipe = options.recipe()
        let limits = try TuningLimits(trials: trials, seconds: budget?.seconds)
        let halving = noHalving ? nil : try SuccessiveHalving(reduction: eta, firstRung: firstRung)
        // Report mistakes in the search before the data are read.
        _ = try SearchSpace(search)
        let start = try BaseCheckpoint(path: base)
        let training = try corpus.readTraining(train, for: recipe.task)
        let development = dev.isEmpty ? nil : try corpus.read(dev, for: recipe.task)
        let plan = TuningPlan(
            searches: search, strategy: strategy, seed: searchSeed, halving: halving, recipe: recipe,
            training: training, development: development)
        let tuner = try Tuner(
            plan, limits: limits, recipe: recipe, directory: directory, resuming: resume,
            savingInterval: intervals.saveEvery * 60
        ) { recipe in
            try TrainingJob(
                recipe: recipe, base: start, training: training, development: development, labels: corpus.labelNames,
                name: directory.name)
        }
        return Search(plan: plan, training: training, development: development, tuner: tuner)
    }

    private func tracker(of search: Search) throws -> TuningTracker? {
        let (task, origin) = (options.recipe().task, TrackingOptions.origin)
        return try tracking.begin(in: directory, for: task, tags: origin, resuming: resume).map { run in
            run.log(params: corpus.params)
            return TuningTracker(
                run, resuming: resume, plan: search.plan, training: try DataRecord.Part(search.training, for: task),
                development: try search.development.map { try DataRecord.Part($0, for: task) }, origin: origin)
        }
    }

    private func show(_ record: TuningRecord, _ best: FinishedTraining) {
        Terminal.print(
            line: "\(TuningTable(record))\n\nThe best trial on the development data\n\n\(best.development.report)")
        Terminal.show(
            "\n\(out): \(record.trials.count) trials in \(duration(record.seconds)). The checkpoint is the best trial's; tuning.json lists all trials.\n"
        )
    }
}

extension SearchStrategy: ExpressibleByArgument {}
