import ArgumentParser
import Baselines
import Kernels
import Training

/// What only baselines have to choose; what is left out is the kind's own.
struct BaselineOptions: ParsableArguments {
    @Flag(help: "Tell a sentence by its place in the abstract too, for --task sentence.")
    var positionFeature = false

    @Option(help: "The fewest training texts that a term or word must occur in (default: 2).")
    var minDf: Int?

    @Option(
        help:
            "The most terms or words, the most frequent ones (default: all for tfidf-sgd, 5000 for boosted-trees, 30000 for gru)."
    )
    var maxTerms: Int?

    @Flag(help: "A term that occurs n times in a text counts as 1 + ln n; for tfidf-sgd and boosted-trees.")
    var sublinearTf = false

    @Option(help: "tfidf-sgd's L2 penalty (default: 3e-6).")
    var l2: Double?

    @Option(help: "boosted-trees' most rounds (default: 200).")
    var rounds: Int?

    @Option(help: "The rounds without a lower loss on the development data that end boosted-trees (default: 10).")
    var patience: Int?

    @Option(help: "The depth of boosted-trees (default: 6).")
    var depth: Int?

    @Option(help: "The width of gru's word vectors (default: 128).")
    var embeddingWidth: Int?

    @Option(help: "The width of each direction's state in gru (default: 128).")
    var stateWidth: Int?

    /// The options given here, and the kinds that have them.
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

    /// Refuses options that a kind does not have.
    ///
    /// - Parameters:
    ///   - kind: What is to be trained.
    ///   - options: Those it shares with a checkpoint's training.
    ///   - others: Of the command.
    /// - Throws: `ValidationError` naming the first of them.
    func validate(_ kind: BaselineKind, _ options: RecipeOptions, _ others: [GivenOption] = []) throws {
        let given = others + options.givenForSomeModels + self.given
        if let given = given.first(where: { !$0.kinds.contains(kind) }) {
            throw ValidationError("--model \(kind.rawValue) does not have \(given.name). Leave it out.")
        }
    }

    /// The recipe of a kind, from these options and those it shares with a checkpoint's.
    func recipe(_ kind: BaselineKind, _ options: RecipeOptions) throws -> BaselineRecipe {
        var recipe = BaselineRecipe(kind, task: options.task)
        recipe.positionFeature = positionFeature
        recipe.downsample = options.downsample
        recipe.sample = options.sample
        recipe.threads = options.threads ?? AvailableProcessors.count
        func set<Value>(_ setting: inout Value, _ value: Value?) {
            if let value { setting = value }
        }
        set(&recipe.developmentShare, options.devShare)
        set(&recipe.seed, options.seed)
        set(&recipe.figure, options.bestBy)
        let epochs = try wholeEpochs(options.epochs)
        switch recipe.settings {
        case .tfidfSGD(var settings):
            set(&settings.epochs, epochs)
            set(&settings.learningRate, options.learningRate)
            set(&settings.l2, l2)
            change(&settings.terms)
            recipe.settings = .tfidfSGD(settings)
        case .boostedTrees(var settings):
            set(&settings.learningRate, options.learningRate)
            set(&settings.rounds, rounds)
            set(&settings.patience, patience)
            set(&settings.depth, depth)
            change(&settings.terms)
            recipe.settings = .boostedTrees(settings)
        case .gru(var settings):
            set(&settings.epochs, epochs)
            set(&settings.learningRate, options.learningRate)
            set(&settings.weightDecay, options.weightDecay)
            set(&settings.batchSize, options.batchSize)
            set(&settings.clip, options.clip)
            set(&settings.dropout, options.hiddenDropout)
            set(&settings.longest, options.maxLength)
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
                "--epochs is \(epochs); expected a whole number, as a baseline learns in whole passes.")
        }
        return whole
    }
}

/// An option of the command line that only some baselines have.
struct GivenOption {
    let name: String
    let isGiven: Bool
    /// The baselines that have it.
    let kinds: Set<BaselineKind>

    init(_ name: String, _ isGiven: Bool, _ kinds: Set<BaselineKind>) {
        self.name = name
        self.isGiven = isGiven
        self.kinds = kinds
    }
}

extension RecipeOptions {
    /// The options given here that not every baseline has, and the baselines that have them.
    var givenForSomeModels: [GivenOption] {
        [
            GivenOption("--head-learning-rate", headLearningRate != nil, []),
            GivenOption("--layer-decay", layerDecay != nil, []),
            GivenOption("--weight-decay", weightDecay != nil, [.gru]), GivenOption("--warm-up", warmUp != nil, []),
            GivenOption("--epochs", epochs != nil, [.tfidfSGD, .gru]),
            GivenOption("--tokens-per-batch", tokensPerBatch != nil, []),
            GivenOption("--batch-size", batchSize != nil, [.gru]),
            GivenOption("--accumulation", accumulation != nil, []), GivenOption("--clip", clip != nil, [.gru]),
            GivenOption("--hidden-dropout", hiddenDropout != nil, [.gru]),
            GivenOption("--attention-dropout", attentionDropout != nil, []),
            GivenOption("--head-dropout", headDropout != nil, []),
            GivenOption("--masked-pieces", maskedPieces != nil, []),
            GivenOption("--masked-numbers", maskedNumbers != nil, []),
            GivenOption("--shortened", shortened != nil, []), GivenOption("--exact-share", exactShare != nil, []),
            GivenOption("--taught-share", taughtShare != nil, []),
            GivenOption("--label-smoothing", labelSmoothing != nil, []),
            GivenOption("--averaging", averaging != nil, []), GivenOption("--max-length", maxLength != nil, [.gru]),
            GivenOption("--precision", precision != nil, []), GivenOption("--storage", storage != nil, []),
            GivenOption("--best-by", bestBy != nil, [.tfidfSGD, .gru]),
        ].filter(\.isGiven)
    }
}
