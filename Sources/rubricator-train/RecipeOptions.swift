import ArgumentParser
import Evaluation
import Kernels
import Runs
import Training

/// A recipe setting that the command line gives.
struct GivenSetting: Sendable {
    /// The option, such as `--learning-rate`.
    let option: String
    /// The value, spelled as the option takes it.
    let value: String
}

extension RecipeSetting {
    /// The setting with an option that this program declares. A misspelt option is a mistake in the program.
    fileprivate static func required(_ option: String) -> RecipeSetting {
        guard let setting = named(option) else { preconditionFailure("\(option) is not a setting of the recipe") }
        return setting
    }
}

extension Option where Value == GivenSetting? {
    /// The option of a recipe setting: name, help and values come from `RecipeSetting.all`.
    ///
    /// - Parameter option: The setting's option, such as `--learning-rate`.
    init(_ option: String) {
        let setting = RecipeSetting.required(option)
        let values: [String] = if case .choice(let names) = setting.kind { names } else { [] }
        self.init(
            name: .customLong(String(option.dropFirst(2))), parsing: .unconditional,
            help: ArgumentHelp(setting.helpWithDefault),
            completion: values.isEmpty ? nil : .list(values)
        ) { text in
            var recipe = Recipe(task: .sequenceLabelling)
            guard setting.set(&recipe, text) else {
                throw ValidationError("expected \(setting.kind).")
            }
            return GivenSetting(option: option, value: text)
        }
    }
}

extension Flag where Value == Bool {
    /// The flag of a recipe setting; name and help come from `RecipeSetting.all`.
    ///
    /// - Parameter option: The setting's option, such as `--downsample`.
    init(_ option: String) {
        let setting = RecipeSetting.required(option)
        self.init(wrappedValue: false, name: .customLong(String(option.dropFirst(2))), help: ArgumentHelp(setting.help))
    }
}

/// The recipe's settings as options. A setting without a value keeps the recipe's default.
struct RecipeOptions: ParsableArguments {
    @Option("--task") private var taskSetting: GivenSetting?
    @Option("--learning-rate") private var learningRate: GivenSetting?
    @Option("--head-learning-rate") private var headLearningRate: GivenSetting?
    @Option("--layer-decay") private var layerDecay: GivenSetting?
    @Option("--weight-decay") private var weightDecay: GivenSetting?
    @Option("--warm-up") private var warmUp: GivenSetting?
    @Option("--epochs") private var epochs: GivenSetting?
    @Option("--tokens-per-batch") private var tokensPerBatch: GivenSetting?
    @Option("--batch-size") private var batchSize: GivenSetting?
    @Option("--accumulation") private var accumulation: GivenSetting?
    @Option("--clip") private var clip: GivenSetting?
    @Option("--hidden-dropout") private var hiddenDropout: GivenSetting?
    @Option("--attention-dropout") private var attentionDropout: GivenSetting?
    @Option("--head-dropout") private var headDropout: GivenSetting?
    @Option("--masked-pieces") private var maskedPieces: GivenSetting?
    @Option("--masked-numbers") private var maskedNumbers: GivenSetting?
    @Option("--shortened") private var shortened: GivenSetting?
    @Option("--omitted-sections") private var omittedSections: GivenSetting?
    @Option("--exact-share") private var exactShare: GivenSetting?
    @Option("--taught-share") private var taughtShare: GivenSetting?
    @Option("--label-smoothing") private var labelSmoothing: GivenSetting?
    @Option("--averaging") private var averaging: GivenSetting?
    @Option("--max-length") private var maxLength: GivenSetting?
    @Flag("--downsample") var downsample: Bool
    @Option("--sample") private var sample: GivenSetting?
    @Option("--dev-share") private var developmentShare: GivenSetting?
    @Option("--seed") private var seed: GivenSetting?
    @Option("--threads") private var threads: GivenSetting?
    @Option("--precision") private var precision: GivenSetting?
    @Option("--storage") private var storage: GivenSetting?
    @Option("--best-by") private var bestBy: GivenSetting?

    /// The task to train.
    var task: TrainingTask { value("--task") ?? .sequenceLabelling }

    /// The settings that the command line gives, in the order of the help.
    var given: [GivenSetting] {
        let settings = Mirror(reflecting: self).children.compactMap { child in
            (child.value as? Option<GivenSetting?>)?.wrappedValue
        }
        return settings + (downsample ? [GivenSetting(option: "--downsample", value: "true")] : [])
    }

    /// The given value of a setting; `nil` where it is absent.
    func value<Value: LosslessStringConvertible>(_ option: String) -> Value? {
        given.first { $0.option == option }.flatMap { Value($0.value) }
    }

    /// The given value of a setting that is a choice; `nil` where it is absent.
    func value<Value: RawRepresentable<String>>(_ option: String) -> Value? {
        given.first { $0.option == option }.flatMap { Value(rawValue: $0.value) }
    }

    /// The recipe, with the defaults of its task.
    ///
    /// - Parameter other: The task, where it is not the given one.
    /// - Returns: The recipe, unchecked.
    func recipe(for other: TrainingTask? = nil) -> Recipe {
        var recipe = Recipe(task: other ?? task)
        recipe.threads = AvailableProcessors.count
        for setting in given where setting.option != "--task" {
            // Every value was checked as it was parsed.
            _ = RecipeSetting.named(setting.option)?.set(&recipe, setting.value)
        }
        return recipe
    }
}
