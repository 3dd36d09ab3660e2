import RunTracking
import Runs
public import ArgumentParser
import Console
import Evaluation
public import Experiments
import MLflow
import Tracking
import Training

struct Tune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Searches for the recipe that is best on the development data.",
        discussion: """
            --search names a setting of the recipe and what to try, and may be repeated:

              learning-rate=1e-5..3e-4       evenly between the two
              learning-rate=log:1e-5..3e-4   evenly by ratio
              epochs=1..4                    whole numbers, for epochs and all that counts
              head-dropout=choice:0,0.1,0.2  one of these
              downsample                     a flag: with and without

              rubricator-train tune --base BERT --train train.txt --dev dev.txt --out tuned --budget 2h \\
                --search learning-rate=log:1e-5..3e-4 --search head-dropout=choice:0,0.1,0.2 --epochs 4

            A trial is stopped after --first-rung epochs unless it is among the best 1 of --eta that have come as far; it may \
            go on later, from its saved state and with the learning rates of its whole run, when more have been tried. The next rung is at \
            --eta times as many epochs. Saved states take a multiple of the checkpoint's size each until the end.

            The best trial's checkpoint is put in --out as fit would, beside tuning.json with all trials. Ctrl-C saves the \
            state; the same command with --resume goes on; of a tuning that is finished it tells again how it came out, and \
            ends what is tracked of it.

            Every trial is tracked as a part of a run for the whole, which has the best one's checkpoint.
            """)

    @Option(help: "The checkpoint to begin from.")
    var base: String

    @Option(
        parsing: .upToNextOption,
        help: "Files to learn from, perhaps compressed by gzip.")
    var train: [String]

    @Option(
        parsing: .upToNextOption,
        help: "Files to measure every epoch on (default: a share of --train, see --dev-share).")
    var dev: [String] = []

    @Option(help: "The directory to write to.")
    var out: String

    @Option(
        help: ArgumentHelp(
            "A setting and what to try, such as learning-rate=log:1e-5..3e-4. May be repeated.",
            valueName: "setting=values"))
    var search: [String] = []

    @Option(
        help:
            "How the next trial is chosen: random, or bayesian, where a Gaussian process expects the largest improvement."
    )
    var strategy = SearchStrategy.bayesian

    @Option(
        help:
            "How long it may take, such as 2h, 90m or 1h30m, the best trial's end included; it is overrun where one epoch takes longer."
    )
    var budget: TimeBudget?

    @Option(help: "The most trials.")
    var trials: Int?

    @Option(help: "One in so many trials goes on from each rung.")
    var eta = 3

    @Option(help: "The epochs of the first rung.")
    var firstRung = 1

    @Flag(help: "Train every trial to its end.")
    var noHalving = false

    @Option(help: "Decides what is tried.")
    var searchSeed: UInt64 = 1

    @Flag(help: "Go on with the tuning in --out.")
    var resume = false

    @Option(help: "Minutes between two savings of a trial's state.")
    var saveEvery = 10.0

    @Option(help: "Seconds between two lines of progress where there is no terminal.")
    var progressEvery = 30.0

    @OptionGroup(title: "Recipe, of all trials") var options: RecipeOptions
    @OptionGroup(title: "Corpus") var corpus: TrainingCorpusOptions
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func validate() throws {
        if train.isEmpty { throw ValidationError("--train needs a file.") }
        if !(saveEvery > 0) || !(progressEvery > 0) {
            throw ValidationError("--save-every and --progress-every must be above 0.")
        }
    }

    func run() throws {
        try endingProgram(on: "the base checkpoint \(base)") { try tune() }
    }

    private func tune() throws {
        let recipe = options.recipe()
        let limits = try TuningLimits(trials: trials, seconds: budget?.seconds)
        let halving = noHalving ? nil : try SuccessiveHalving(reduction: eta, firstRung: firstRung)
        // What is wrong with the search is said before the data are read.
        _ = try SearchSpace(search)
        let start = try BaseCheckpoint(path: base)
        let training = try corpus.readTraining(train, for: recipe.task)
        let development = dev.isEmpty ? nil : try corpus.read(dev, for: recipe.task)
        let plan = TuningPlan(
            searches: search, strategy: strategy, seed: searchSeed, halving: halving, recipe: recipe,
            training: training, development: development)
        let directory = RunDirectory(path: out)
        let tuner = try Tuner(
            plan, limits: limits, recipe: recipe, directory: directory, resuming: resume,
            savingInterval: saveEvery * 60
        ) { recipe in
            try TrainingJob(
                recipe: recipe, base: start, training: training, development: development, labels: corpus.labelNames,
                name: directory.name)
        }
        if tuner.wasFinished {
            Terminal.show("The tuning in \(out) is finished: nothing is trained, but how it came out is told again.\n")
        }
        OpenFileLimit.raise()
        StopSignal.install()
        let display = ExperimentDisplay(interval: progressEvery)
        defer { display.finish() }
        let origin = TrackingOptions.origin
        let tracker = try tracking.begin(in: directory, tags: origin, resuming: resume).map { run in
            run.log(params: corpus.params)
            return TuningTracker(
                run, resuming: resume, plan: plan, training: try DataRecord.Part(training, for: recipe.task),
                development: try development.map { try DataRecord.Part($0, for: recipe.task) }, origin: origin)
        }
        do {
            let outcome = try tuner.run(
                report: { event in
                    display.show(event)
                    tracker?.record(event)
                    for warning in tracker?.takeWarnings() ?? [] { display.warn(warning) }
                }, shouldStop: { StopSignal.number != nil })
            display.finish()
            switch outcome {
            case .finished(let record, let best):
                Terminal.print(
                    line: "\(TuningTable(record))\n\nThe best one on the development data\n\n\(best.development.report)"
                )
                Terminal.show(
                    "\n\(record.trials.count) trials in \(duration(record.seconds)). The best one's checkpoint is in \(out), all trials in \(out)/tuning.json.\n"
                )
                guard let tracker else { return }
                let warning = tracker.finish(
                    record, best: best, directory: directory, environment: origin, registered: tracking.register,
                    aliases: tracking.alias)
                if let warning { display.warn(warning) }
                tracking.wait(for: tracker.runs, in: out)
            case .stopped:
                tracking.stop(tracker?.runs, as: .killed, in: out)
                throw stopped("every trial's state is saved", resuming: resume)
            }
        } catch  where !(error is ExitCode) {
            display.finish()
            tracking.stop(tracker?.runs, as: .failed, in: out)
            throw error
        }
    }

}

extension SearchStrategy: ExpressibleByArgument {}
