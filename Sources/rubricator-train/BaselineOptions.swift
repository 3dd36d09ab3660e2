import ArgumentParser
import Baselines
import Kernels
import Training

/// The settings that only baselines have. A setting without a value keeps the default of the kind.
struct BaselineOptions: ParsableArguments {
    @Flag(help: "Add the position of a sentence in its abstract as a feature, for --task sentence.")
    var positionFeature = false

    @Option(help: "Smallest number of training texts that a term or word must occur in (default: 2).")
    var minDf: Int?

    @Option(
        help:
            "Largest number of terms or words; the most frequent are kept (default: all for tfidf-sgd, 5000 for boosted-trees, 30000 for gru)."
    )
    var maxTerms: Int?

    @Flag(help: "Count a term that occurs n times as 1 + ln n, for tfidf-sgd and boosted-trees.")
    var sublinearTf = false

    @Option(help: "L2 penalty of tfidf-sgd (default: 3e-6).")
    var l2: Double?

    @Option(help: "Largest number of boosting rounds (default: 200).")
    var rounds: Int?

    @Option(help: "Stop boosting after N rounds without a lower loss on the development data (default: 10).")
    var patience: Int?

    @Option(help: "Depth of each tree of boosted-trees (default: 6).")
    var depth: Int?

    @Option(help: "Width of the word vectors of gru (default: 128).")
    var embeddingWidth: Int?

    @Option(help: "Width of the hidden state of each direction of gru (default: 128).")
    var stateWidth: Int?

    /// The given options, each with the kinds that have it.
    var given: [GivenOption] {
        let terms: Set<BaselineKind> = [.tfidfSGD, .boostedTrees]
        return [
            GivenOption("--position-feature", positionFeature, Set(BaselineKind.allCases)),
            GivenOption("--min-df", minDf != nil, Set(BaselineKind.allCases)),
            GivenOption("--max-terms", maxTerms != nil, Set(BaselineKind.allCases)),
            GivenOption("--sublinear-tf", sublinearTf, terms), GivenOption("--l2", l2 != nil, [.tfidfSGD]),
            GivenOption("--rounds", rounds != nil, [.boostedTrees]),
            GivenOption("--patience", patience != nil, [.boostedTrees]),
            GivenOption("--depth", depth != nil, [.boostedTrees]),
            GivenOption("--embedding-width", embeddingWidth != nil, [.gru]),
            GivenOption("--state-width", stateWidth != nil, [.gru]),
        ].filter(\.isGiven)
    }

    /// Rejects options that a kind does not have.
    ///
    /// - Parameters:
    ///   - kind: The kind of baseline to train.
    ///   - options: The options shared with the training of checkpoints.
    ///   - others: Given options of the command itself.
    /// - Throws: `ValidationError` naming the first such option.
    func validate(_ kind: BaselineKind, _ options: RecipeOptions, _ others: [GivenOption] = []) throws {
        let given = others + options.givenWithBaselines + self.given
        if let given = given.first(where: { !$0.kinds.contains(kind) }) {
            throw ValidationError(
                "\(given.name) is not an option of --model \(kind.rawValue). Remove it, or choose another --model.")
        }
    }

    /// The recipe of a kind, from these options and those shared with the training of checkpoints.
    func recipe(_ kind: BaselineKind, _ options: RecipeOptions) throws -> BaselineRecipe {
        var recipe = BaselineRecipe(kind, task: options.task)
        recipe.positionFeature = positionFeature
        recipe.downsample = options.downsample
        recipe.sample = options.value("--sample")
        recipe.threads = options.value("--threads") ?? AvailableProcessors.count
        func set<Value>(_ setting: inout Value, _ value: Value?) {
            if let value { setting = value }
        }
        set(&recipe.developmentShare, options.value("--dev-share"))
        set(&recipe.seed, options.value("--seed"))
        set(&recipe.figure, options.value("--best-by"))
        let epochs = try wholeEpochs(options.value("--epochs"))
        switch recipe.settings {
        case .tfidfSGD(var settings):
            set(&settings.epochs, epochs)
            set(&settings.learningRate, options.value("--learning-rate"))
            set(&settings.l2, l2)
            change(&settings.terms)
            recipe.settings = .tfidfSGD(settings)
        case .boostedTrees(var settings):
            set(&settings.learningRate, options.value("--learning-rate"))
            set(&settings.rounds, rounds)
            set(&settings.patience, patience)
            set(&settings.depth, depth)
            change(&settings.terms)
            recipe.settings = .boostedTrees(settings)
        case .gru(var settings):
            set(&settings.epochs, epochs)
            set(&settings.learningRate, options.value("--learning-rate"))
            set(&settings.weightDecay, options.value("--weight-decay"))
            set(&settings.batchSize, options.value("--batch-size"))
            set(&settings.clip, options.value("--clip"))
            set(&settings.dropout, options.value("--hidden-dropout"))
            set(&settings.longest, options.value("--max-length"))
            set(&settings.leastTexts, minDf)
            if let maxTerms { settings.mostWords = maxTerms }
            set(&settings.embeddingWidth, embeddingWidth)
            set(&settings.stateWidth, stateWidth)
            recipe.settings = .gru(settings)
        }
        return recipe
    }

    private func change(_ terms: inout TermSettings) {
        if let minDf { terms.leastTexts = minDf }
        if let maxTerms { terms.most = maxTerms }
        terms.isSublinear = sublinearTf
    }

    private func wholeEpochs(_ epochs: Double?) throws -> Int? {
        guard let epochs else { return nil }
        guard let whole = Int(exactly: epochs) else {
            throw ValidationError(
                "--epochs is \(epochs); expected a whole number, because a baseline trains for whole epochs.")
        }
        return whole
    }
}

/// An option that only some baselines have.
struct GivenOption {
    let name: String
    let isGiven: Bool
    /// The baselines that have the option.
    let kinds: Set<BaselineKind>

    init(_ name: String, _ isGiven: Bool, _ kinds: Set<BaselineKind>) {
        self.name = name
        self.isGiven = isGiven
        self.kinds = kinds
    }
}

extension RecipeOptions {
    /// The given settings, each with the baselines that have it too.
    var givenWithBaselines: [GivenOption] {
        given.map { GivenOption($0.option, true, Self.baselines[$0.option] ?? []) }
    }

    /// The settings that baselines share with a checkpoint's recipe.
    private static let baselines: [String: Set<BaselineKind>] = {
        let all = Set(BaselineKind.allCases)
        return [
            "--task": all, "--learning-rate": all, "--downsample": all, "--sample": all, "--dev-share": all,
            "--seed": all, "--threads": all, "--weight-decay": [.gru], "--epochs": [.tfidfSGD, .gru],
            "--batch-size": [.gru], "--clip": [.gru], "--hidden-dropout": [.gru], "--max-length": [.gru],
            "--best-by": [.tfidfSGD, .gru],
        ]
    }()
}
