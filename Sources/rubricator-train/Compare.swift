import ArgumentParser
import Baselines
import Checkpoint
import Console
import Corpora
import Evaluation
import Experiments
import FoundationEssentials
import MLflow
import RunTracking
import Runs
import Tracking
import Training

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train several recipes on the same data and compare them on the same test data.",
        discussion: """
            A variant is a name, a colon and its own recipe options. Options on the command line apply to all variants:

              rubricator-train compare --base BERT --train train.txt --dev dev.txt --test test.txt --out compared \\
                --task sentence --epochs 2 --variant baseline: --variant "downsampled: --downsample"

            --variants names a file with one variant on each line; blank lines and lines that begin with # are skipped. A \
            variant can be a baseline: give --model and fit's options for it, as in "words: --model tfidf-sgd --position-feature". \
            --checkpoint adds an existing checkpoint. All systems (variants and \
            checkpoints) are compared with the first one.

            Every variant is trained in a directory of its name in --out. The checkpoint of its best epoch on the development \
            data is evaluated once on the test data. A paired bootstrap over abstracts (or texts) gives confidence \
            intervals for the metrics and for their differences from the first system. The table is printed and written to \
            comparison.md and comparison.json. comparison.png shows the differences, cost.png macro F1 \
            against processor time.

            Every variant is tracked as fit tracks it, as a nested run of one run for the comparison. --register registers \
            the variant that is best on the development data.

            Ctrl-C saves the state; the same command with --resume continues and trains nothing twice.
            """)

    @Option(help: "Checkpoint or encoder that variants start from.")
    var base: String?

    @Option(parsing: .upToNextOption, help: "Training files of the variants, optionally gzip-compressed.")
    var train: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Files to evaluate every epoch on (default: a fraction of --train, see --dev-share).")
    var dev: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Test files to compare the systems on. They do not influence training or model selection.")
    var test: [String]

    @Option(help: "Directory to write to.")
    var out: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Variant to train, such as \"downsampled: --downsample --epochs 2\" or \"words: --model tfidf-sgd\". Repeat it for several variants.",
            valueName: "name: settings"))
    var variant: [String] = []

    @Option(help: "File with one variant on each line.")
    var variants: String?

    @Option(
        help: ArgumentHelp(
            "Existing checkpoint to compare, such as shipped=Models. Repeat it for several checkpoints.",
            valueName: "name=directory"))
    var checkpoint: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Train every variant once with each of these seeds and average its figures (default: only --seed).")
    var seeds: [UInt64] = []

    @Flag(help: "Resume the comparison in --out.")
    var resume = false

    @Option(help: "Number of bootstrap samples.")
    var resamples = 10_000

    @Option(help: "Seed of the bootstrap.")
    var resamplingSeed: UInt64 = 1

    @OptionGroup var intervals: IntervalOptions

    @OptionGroup(title: "Recipe, of all variants") var options: RecipeOptions
    @OptionGroup(title: "Corpus") var corpus: TrainingCorpusOptions
    @OptionGroup(title: "Tracking") var tracking: TrackingOptions

    func validate() throws {
        if test.isEmpty { throw ValidationError("--test needs at least one file.") }
        if !(100...10_000_000).contains(resamples) {
            throw ValidationError("--resamples is \(resamples); expected a whole number from 100 to 10000000.")
        }
        if let twice = seeds.first(where: { seed in seeds.count { $0 == seed } > 1 }) {
            throw ValidationError("--seeds names \(twice) twice; remove one of them.")
        }
    }

    func run() throws {
        try endingProgram(on: "a checkpoint") { try compare() }
    }

    private func compare() throws {
        let (models, data, task) = try plan()
        let test = data.test
        let comparison = try ComparisonRun(models, test: test, bootstrap: bootstrap)
        try createDirectory(out)
        StopSignal.install()
        let display = ExperimentDisplay(interval: intervals.progressEvery)
        defer { display.finish() }
        let command = TrackedCommand(
            tracker: try tracker(of: models, data, for: task), display: display, show: { display.show($0) },
            tracking: tracking, directory: out)
        try command.run { report, shouldStop in
            switch try comparison.run(report: report, shouldStop: shouldStop) {
            case .compared(let comparison, let costs):
                let record = ComparisonRecord(comparison, costs: costs, models: models, test: test)
                return .finished((comparison, costs, try record.write(toDirectory: out)))
            case .stopped: return .stopped { stopped("everything trained so far is saved", resuming: resume) }
            }
        } report: { comparison, costs, files in
            Terminal.print(line: "\(ComparisonTable(comparison, costs: costs))")
            Terminal.show("\n\(out): comparison.md and comparison.json hold this table.\n")
            return (comparison, costs, files)
        } record: { result, tracker in
            tracker.finish(result.0, costs: result.1, files: result.2)
        }
    }

    private var bootstrap: PairedBootstrap {
        var bootstrap = PairedBootstrap()
        bootstrap.resamples = resamples
        bootstrap.seed = resamplingSeed
        return bootstrap
    }

    private func tracker(
        of models: [any ComparedModel], _ data: ComparedData, for task: TrainingTask
    ) throws -> ComparisonTracker? {
        let origin = TrackingOptions.origin
        return try tracking.begin(in: RunDirectory(path: out), for: task, tags: origin, resuming: resume).map { run in
            run.log(params: corpus.params)
            return ComparisonTracker(
                run, resuming: resume, models: models,
                training: try data.training.map { try DataRecord.Part($0, for: task) },
                development: try data.development.map { try DataRecord.Part($0, for: task) },
                test: try DataRecord.Part(data.test, for: task), bootstrap: bootstrap, origin: origin,
                registered: tracking.register, aliases: tracking.alias)
        }
    }

    /// The systems to compare and the data. Every mistake that can be found before training is reported here.
    private func plan() throws -> (models: [any ComparedModel], data: ComparedData, task: TrainingTask) {
        let variants = try readVariants()
        let recipes = try variants.map(recipe(of:))
        let readsAbstracts = (recipes.first?.task ?? options.task).readsAbstracts
        if let other = zip(variants, recipes).first(where: { $0.1.task.readsAbstracts != readsAbstracts }) {
            throw ExperimentError.plan(
                "\(variants[0].name) trains on \(readsAbstracts ? "abstracts" : "texts") and \(other.0.name) does not; they cannot be compared on the same test data."
            )
        }
        let task = recipes.first?.task ?? options.task
        var data = ComparedData(test: try corpus.read(test, for: task))
        var models: [any ComparedModel] = []
        if !variants.isEmpty {
            guard !train.isEmpty else { throw ExperimentError.plan("variants need training data; pass --train.") }
            let start = try base.map { try BaseCheckpoint(path: $0) }
            let training = try corpus.readTraining(train, for: task)
            data.training = training
            data.development = dev.isEmpty ? nil : try corpus.read(dev, for: task)
            models = try trained(
                variants, recipes, from: start, training: training, development: data.development, test: data.test)
        }
        models += try checkpoint.map { try finishedCheckpoint($0, readsAbstracts: readsAbstracts) }
        let names = models.map(\.run.name)
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ExperimentError.plan("\(name) is named twice; give every variant and checkpoint its own name.")
        }
        return (models, data, task)
    }

    /// The checkpoint of one `--checkpoint NAME=DIRECTORY`.
    private func finishedCheckpoint(_ text: String, readsAbstracts: Bool) throws -> any ComparedModel {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw ExperimentError.plan("--checkpoint \"\(text)\": expected NAME=DIRECTORY.")
        }
        return try FinishedCheckpoint(
            name: Variant.checkedName(String(parts[0]), place: "--checkpoint \"\(text)\""),
            path: String(parts[1]), readsAbstracts: readsAbstracts, threads: options.recipe().threads)
    }

    private func readVariants() throws -> [Variant] {
        var all: [Variant] = []
        for line in variant { all.append(try Variant(line: line, place: "--variant \"\(line)\"")) }
        if let variants {
            let lines: String
            do {
                lines = try String(contentsOfFile: variants, encoding: .utf8)
            } catch {
                throw ExperimentError.plan("--variants \(variants): cannot read: \(FileFailure.reason(error)).")
            }
            all += try Variant.read(lines: lines, name: variants)
        }
        return all
    }

    /// The data of a comparison.
    private struct ComparedData {
        var training: LabelledCorpus?
        var development: LabelledCorpus?
        var test: LabelledCorpus
    }

    /// The recipe of a variant.
    private enum VariantRecipe {
        case checkpoint(Recipe)
        case baseline(BaselineRecipe)

        var task: TrainingTask {
            switch self {
            case .checkpoint(let recipe): recipe.task
            case .baseline(let recipe): recipe.task
            }
        }

        /// The recipe with another seed, if there is one.
        func with(seed: UInt64?) -> VariantRecipe {
            guard let seed else { return self }
            switch self {
            case .checkpoint(var recipe):
                recipe.seed = seed
                return .checkpoint(recipe)
            case .baseline(var recipe):
                recipe.seed = seed
                return .baseline(recipe)
            }
        }
    }

    private func recipe(of variant: Variant) throws -> VariantRecipe {
        if !seeds.isEmpty, variant.settings.contains(where: { $0.option == "--seed" }) {
            throw ExperimentError.plan(
                "variant \(variant.name) has its own --seed although --seeds is given; remove one of them.")
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
        Terminal.show("\(training.summary) for training, \(test.summary) for comparison\n")
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
                        "\(directory.path) already holds a run. Add --resume to continue the comparison, or choose another --out."
                    )
                }
                let run = ExperimentRun(name: name, settings: settings, directory: directory)
                models.append(
                    try model(
                        variant.name, recipe.with(seed: seed), run, from: start, training: training,
                        development: development, labels: labels))
            }
        }
        return models
    }

    private func model(
        _ system: String, _ recipe: VariantRecipe, _ run: ExperimentRun, from start: BaseCheckpoint?,
        training: LabelledCorpus, development: LabelledCorpus?, labels: Set<String>
    ) throws -> any ComparedModel {
        switch recipe {
        case .checkpoint(let recipe):
            guard let start else {
                throw ExperimentError.plan("variant \(system) starts from a checkpoint; pass --base.")
            }
            return TrainedVariant(
                system: system, run: run, recipe: recipe, labels: labels, savingInterval: intervals.saveEvery * 60
            ) { [names = corpus.labelNames] in
                try TrainingJob(
                    recipe: recipe, base: start, training: training, development: development, labels: names,
                    name: run.directory.name)
            }
        case .baseline(let recipe):
            return TrainedBaseline(
                system: system, run: run, recipe: recipe, training: training, development: development, labels: labels)
        }
    }

    private func createDirectory(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ExperimentError.output(
                "the directory \(path) cannot be created: \(FileFailure.reason(error)). Check --out and its permissions."
            )
        }
    }
}
