import RunTracking
import Runs
import Corpora
import ArgumentParser
import Baselines
import Checkpoint
import Console
import Evaluation
import Experiments
import FoundationEssentials
import MLflow
import Tracking
import Training

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains recipes on the same data and compares them on the same test data.",
        discussion: """
            A variant is a name, a colon and the recipe's own options; what all have in common stands on the command line:

              rubricator-train compare --base BERT --train train.txt --dev dev.txt --test test.txt --out compared \\
                --task sentence --epochs 2 --variant baseline: --variant "downsampled: --downsample"

            --variants names a file of such lines, blank ones and those that begin with # aside. A variant with --model is \
            a baseline with fit's options for it, as in "words: --model tfidf-sgd --position-feature". --checkpoint lets one \
            that there is already take part. The first system named is what the others are compared with.

            Every variant is trained in a directory of its name in --out, the checkpoint of its best epoch by the \
            development data is measured once on the test data, and abstracts (texts, where there are no abstracts) are drawn \
            from it again and again (a paired bootstrap) to tell how far figures and their differences from the first \
            would vary. The table is printed, and written to comparison.md and comparison.json; comparison.png shows the \
            differences, cost.png what quality costs.

            Every variant is tracked as fit tracks it, as a part of a run for the whole. --register takes the variant that \
            is best on the development data.

            Ctrl-C saves the state; the same command with --resume goes on and trains nothing twice.
            """)

    @Option(help: "The checkpoint that variants begin from.")
    var base: String?

    @Option(
        parsing: .upToNextOption,
        help: "Files that variants learn from, perhaps compressed by gzip.")
    var train: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Files to measure every epoch on (default: a share of --train, see --dev-share).")
    var dev: [String] = []

    @Option(parsing: .upToNextOption, help: "Files to compare on, that nothing was learnt from or chosen by.")
    var test: [String]

    @Option(help: "The directory to write to.")
    var out: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A recipe to train, such as \"downsampled: --downsample --epochs 2\" or \"words: --model tfidf-sgd\". May be repeated.",
            valueName: "name: settings"))
    var variant: [String] = []

    @Option(help: "A file of variants, one a line.")
    var variants: String?

    @Option(
        help: ArgumentHelp(
            "A checkpoint that there is already, such as shipped=Models. May be repeated.", valueName: "name=directory")
    )
    var checkpoint: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Train every variant once with each of these seeds; its figure is their mean (default: --seed's alone).")
    var seeds: [UInt64] = []

    @Flag(help: "Go on with the comparison in --out.")
    var resume = false

    @Option(help: "How many times abstracts are drawn.")
    var resamples = 10_000

    @Option(help: "Decides the draws.")
    var resamplingSeed: UInt64 = 1

    @Option(help: "Minutes between two savings of the state.")
    var saveEvery = 10.0

    @Option(help: "Seconds between two lines of progress where there is no terminal.")
    var progressEvery = 30.0

    @OptionGroup(title: "Recipe, of all variants") var options: RecipeOptions
    @OptionGroup(title: "Corpus") var corpus: TrainingCorpusOptions
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func validate() throws {
        if test.isEmpty { throw ValidationError("--test needs a file.") }
        if !(saveEvery > 0) || !(progressEvery > 0) {
            throw ValidationError("--save-every and --progress-every must be above 0.")
        }
        if !(100...10_000_000).contains(resamples) {
            throw ValidationError("--resamples is \(resamples); expected a whole number from 100 to 10000000.")
        }
        if Set(seeds).count < seeds.count { throw ValidationError("--seeds names a seed twice.") }
    }

    func run() throws {
        try endingProgram(on: "a checkpoint") { try compare() }
    }

    private func compare() throws {
        let (models, data, task) = try plan()
        let test = data.test
        var bootstrap = PairedBootstrap()
        bootstrap.resamples = resamples
        bootstrap.seed = resamplingSeed
        let comparison = try ComparisonRun(models, test: test, bootstrap: bootstrap)
        try createDirectory(out)
        StopSignal.install()
        let display = ExperimentDisplay(interval: progressEvery)
        defer { display.finish() }
        let origin = TrackingOptions.origin
        let tracker = try tracking.begin(in: RunDirectory(path: out), tags: origin, resuming: resume).map { run in
            run.log(params: corpus.params)
            return ComparisonTracker(
                run, resuming: resume, models: models,
                training: try data.training.map { try DataRecord.Part($0, for: task) },
                development: try data.development.map { try DataRecord.Part($0, for: task) },
                test: try DataRecord.Part(test, for: task), bootstrap: bootstrap, origin: origin,
                registered: tracking.register, aliases: tracking.alias)
        }
        do {
            let outcome = try comparison.run(
                report: { event in
                    display.show(event)
                    tracker?.record(event)
                    for warning in tracker?.takeWarnings() ?? [] { display.warn(warning) }
                }, shouldStop: { StopSignal.number != nil })
            display.finish()
            switch outcome {
            case .compared(let comparison, let costs):
                let record = ComparisonRecord(comparison, costs: costs, models: models, test: test)
                let files = try record.write(toDirectory: out)
                Terminal.print(line: "\(ComparisonTable(comparison, costs: costs))")
                Terminal.show("\nThe comparison is in \(out)/comparison.md and comparison.json.\n")
                guard let tracker else { return }
                for warning in tracker.finish(comparison, costs: costs, files: files) { display.warn(warning) }
                tracking.wait(for: tracker.runs, in: out)
            case .stopped:
                tracking.stop(tracker?.runs, as: .killed, in: out)
                throw stopped("what was trained is saved", resuming: resume)
            }
        } catch  where !(error is ExitCode) {
            display.finish()
            tracking.stop(tracker?.runs, as: .failed, in: out)
            throw error
        }
    }

    /// Everything that takes part, and what it is measured on; whatever can be found wrong is found here.
    private func plan() throws -> (models: [any ComparedModel], data: ComparedData, task: TrainingTask) {
        let variants = try readVariants()
        var recipes: [VariantRecipe] = []
        for variant in variants { recipes.append(try recipe(of: variant)) }
        let readsAbstracts = (recipes.first?.task ?? options.task).readsAbstracts
        if let other = zip(variants, recipes).first(where: { $0.1.task.readsAbstracts != readsAbstracts }) {
            throw ExperimentError.plan(
                "\(variants[0].name) learns from \(readsAbstracts ? "abstracts" : "texts") and \(other.0.name) does not: they cannot be compared on the same test data."
            )
        }
        let task = recipes.first?.task ?? options.task
        var data = ComparedData(test: try corpus.read(test, for: task))
        var models: [any ComparedModel] = []
        if !variants.isEmpty {
            guard !train.isEmpty else { throw ExperimentError.plan("variants are to be trained; give --train.") }
            let start = try base.map { try BaseCheckpoint(path: $0) }
            let training = try corpus.readTraining(train, for: task)
            data.training = training
            data.development = dev.isEmpty ? nil : try corpus.read(dev, for: task)
            models = try trained(
                variants, recipes, from: start, training: training, development: data.development, test: data.test)
        }
        for text in checkpoint {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ExperimentError.plan("--checkpoint \"\(text)\": expected NAME=DIRECTORY.")
            }
            models.append(
                try FinishedCheckpoint(
                    name: Variant.checkedName(String(parts[0]), place: "--checkpoint \"\(text)\""),
                    path: String(parts[1]), readsAbstracts: readsAbstracts, threads: options.recipe().threads))
        }
        let names = models.map(\.run.name)
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ExperimentError.plan("\(name) is named twice; give every variant and checkpoint a name of its own.")
        }
        return (models, data, task)
    }

    private func readVariants() throws -> [Variant] {
        var all: [Variant] = []
        for line in variant { all.append(try Variant(line: line, place: "--variant \"\(line)\"")) }
        if let variants {
            guard let lines = try? String(contentsOfFile: variants, encoding: .utf8) else {
                throw ExperimentError.plan("--variants \(variants) cannot be read as UTF-8; check the path.")
            }
            all += try Variant.read(lines: lines, name: variants)
        }
        return all
    }

    /// What variants learn from, are chosen on and compared on.
    private struct ComparedData {
        var training: LabelledCorpus?
        var development: LabelledCorpus?
        var test: LabelledCorpus
    }

    /// What a variant trains.
    private enum VariantRecipe {
        case checkpoint(Recipe)
        case baseline(BaselineRecipe)

        var task: TrainingTask {
            switch self {
            case .checkpoint(let recipe): recipe.task
            case .baseline(let recipe): recipe.task
            }
        }
    }

    private func recipe(of variant: Variant) throws -> VariantRecipe {
        if !seeds.isEmpty, variant.settings.contains(where: { $0.option == "--seed" }) {
            throw ExperimentError.plan("variant \(variant.name) has a --seed of its own beside --seeds; leave one out.")
        }
        if let model = variant.model {
            return .baseline(try BaselineVariant.recipe(of: variant, model: model, common: options))
        }
        let task = variant.settings.first { $0.option == "--task" }.flatMap { TrainingTask(rawValue: $0.value) }
        var recipe = options.recipe(for: task)
        do {
            for setting in variant.settings { try recipe.set(setting.option, to: setting.value) }
            try recipe.check()
        } catch {
            throw ExperimentError.plan("variant \(variant.name): \(error)")
        }
        return .checkpoint(recipe)
    }

    private func trained(
        _ variants: [Variant], _ recipes: [VariantRecipe], from start: BaseCheckpoint?, training: LabelledCorpus,
        development: LabelledCorpus?, test: LabelledCorpus
    ) throws -> [any ComparedModel] {
        Terminal.show("\(training.summary) to learn from, \(test.summary) to compare on\n")
        let labels = corpus.labelNames.map { Set($0) } ?? training.labelNames
        var models: [any ComparedModel] = []
        for (variant, recipe) in zip(variants, recipes) {
            for seed in seeds.isEmpty ? [nil] : seeds.map(Optional.some) {
                var (settings, name) = (variant.settings, variant.name)
                if let model = variant.model { settings.insert(Setting(option: "--model", value: model), at: 0) }
                if let seed {
                    settings.append(Setting(option: "--seed", value: "\(seed)"))
                    name += "/seed-\(seed)"
                }
                let directory = RunDirectory(path: "\(out)/\(name)")
                guard resume || !directory.holdsRun else {
                    throw ExperimentError.output(
                        "\(directory.path) holds a run already. Add --resume to go on with the comparison, or give another --out."
                    )
                }
                let run = ExperimentRun(name: name, settings: settings, directory: directory)
                switch recipe {
                case .checkpoint(var recipe):
                    guard let start else {
                        throw ExperimentError.plan("variant \(variant.name) begins from a checkpoint; give --base.")
                    }
                    if let seed { recipe.seed = seed }
                    models.append(
                        TrainedVariant(
                            system: variant.name, run: run, recipe: recipe, labels: labels,
                            savingInterval: saveEvery * 60
                        ) { [recipe, labels = corpus.labelNames] in
                            try TrainingJob(
                                recipe: recipe, base: start, training: training, development: development,
                                labels: labels, name: directory.name)
                        })
                case .baseline(var recipe):
                    if let seed { recipe.seed = seed }
                    models.append(
                        TrainedBaseline(
                            system: variant.name, run: run, recipe: recipe, training: training,
                            development: development, labels: labels))
                }
            }
        }
        return models
    }

    private func createDirectory(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ExperimentError.output("the directory \(path) cannot be made. Check --out and its permissions.")
        }
    }
}
