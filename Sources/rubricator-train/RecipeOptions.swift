import Runs
public import ArgumentParser
public import Kernels
import Model
public import Training

/// The recipe's settings as options; those left out are the recipe's own.
struct RecipeOptions: ParsableArguments {
    @Option(
        help:
            "What to train: sequence-labelling (the sentences of an abstract together), sentence (each on its own), text (one label a text) or multi-label-text."
    )
    var task = TrainingTask.sequenceLabelling

    @Option(help: "The encoder's peak learning rate (default: 1.5e-4; 1e-4 for other tasks than sequence-labelling).")
    var learningRate: Double?

    @Option(help: "The head's peak learning rate (default: 1e-3).")
    var headLearningRate: Double?

    @Option(
        help:
            "By how much each layer's rate is smaller than the one above (default: 0.9; 1, equal rates, for other tasks)."
    )
    var layerDecay: Double?

    @Option(help: "AdamW's weight decay (default: 0.01).")
    var weightDecay: Double?

    @Option(help: "The share of the steps in which the rate rises (default: 0.1).")
    var warmUp: Double?

    @Option(help: "Passes over the data; may be a fraction (default: 4).")
    var epochs: Double?

    @Option(help: "The most pieces of a batch (default: 6000).")
    var tokensPerBatch: Int?

    @Option(help: "The most abstracts or texts of a batch (default: as many as fit).")
    var batchSize: Int?

    @Option(help: "Batches of a step (default: 1).")
    var accumulation: Int?

    @Option(help: "The gradient's largest norm (default: 1.0).")
    var clip: Double?

    @Option(help: "Dropout after embeddings and sublayers (default: 0.1).")
    var hiddenDropout: Float?

    @Option(help: "Dropout of attention probabilities (default: 0.1).")
    var attentionDropout: Float?

    @Option(help: "Dropout before the label head (default: 0.2).")
    var headDropout: Float?

    @Option(help: "The share of pieces replaced by [MASK] (default: 0.05).")
    var maskedPieces: Double?

    @Option(
        help:
            "The share of abstracts or texts whose numbers are read as @, as in PubMed RCT (default: 0.5; 0 for other tasks)."
    )
    var maskedNumbers: Double?

    @Option(
        help:
            "The share of abstracts of which one or two sentences of each run of equal labels are kept (default: 0.2; 0 for other tasks)."
    )
    var shortened: Double?

    @Option(
        help: "Probability that a shortened abstract loses each of its sections; two at least are kept (default: 0)."
    )
    var omittedSections: Double?

    @Option(
        help:
            "The share of the exact likelihood in the loss of abstracts that use only one of BACKGROUND and OBJECTIVE (default: 0.1; 1 learns the authors' habit)."
    )
    var exactShare: Double?

    @Option(help: "The share of the loss that is the teachers' say, where there are any (default: 0.5).")
    var taughtShare: Double?

    @Option(help: "Label smoothing, for one label a text (default: 0).")
    var labelSmoothing: Double?

    @Option(help: "The decay of the weights' moving average; 0 for none (default: 0.998; 0 for other tasks).")
    var averaging: Double?

    @Option(
        help:
            "The most pieces of a window (default: the base checkpoint's). Where the base has fewer positions, its table is stretched to as many."
    )
    var maxLength: Int?

    @Flag(help: "Cut the training texts to as many of every label as the rarest has.")
    var downsample = false

    @Option(help: "Train on so many abstracts or texts, drawn at random (default: all).")
    var sample: Int?

    @Option(help: "The share of the training data set apart where there is no --dev (default: 0.1).")
    var devShare: Double?

    @Option(help: "Decides everything random (default: 1).")
    var seed: UInt64?

    @Option(help: "Threads that share the arithmetic (default: the cores this process may use).")
    var threads: Int?

    @Option(
        help:
            "What the products' operands are rounded to: float32, or bfloat16, which is faster where the processor has it."
    )
    var precision: ProductPrecision?

    @Option(help: "How the weights are stored: f16 or f32 (default: f16).")
    var storage: Recipe.Storage?

    @Option(help: "What the best epoch is best by on the development data: micro-f1, macro-f1 or weighted-f1.")
    var bestBy: Recipe.Figure?

    /// The recipe, perhaps of another task than the one named.
    func recipe(for other: TrainingTask? = nil) -> Recipe {
        var recipe = Recipe(task: other ?? task)
        func set<Value>(_ setting: WritableKeyPath<Recipe, Value>, _ value: Value?) {
            if let value { recipe[keyPath: setting] = value }
        }
        set(\.learningRate, learningRate)
        set(\.headLearningRate, headLearningRate)
        set(\.layerDecay, layerDecay)
        set(\.weightDecay, weightDecay)
        set(\.warmUp, warmUp)
        set(\.epochs, epochs)
        set(\.tokensPerBatch, tokensPerBatch)
        set(\.accumulation, accumulation)
        set(\.clip, clip)
        set(\.dropout.hidden, hiddenDropout)
        set(\.dropout.attention, attentionDropout)
        set(\.dropout.head, headDropout)
        set(\.maskedPieces, maskedPieces)
        set(\.maskedNumbers, maskedNumbers)
        set(\.shortened, shortened)
        set(\.omittedSections, omittedSections)
        set(\.exactShare, exactShare)
        set(\.taughtShare, taughtShare)
        set(\.labelSmoothing, labelSmoothing)
        set(\.averaging, averaging)
        set(\.developmentShare, devShare)
        set(\.seed, seed)
        set(\.precision, precision)
        set(\.storage, storage)
        set(\.figure, bestBy)
        recipe.batchSize = batchSize
        recipe.maxLength = maxLength
        recipe.downsample = downsample
        recipe.sample = sample
        recipe.threads = threads ?? AvailableProcessors.count
        return recipe
    }
}

extension TrainingTask: ExpressibleByArgument {}
extension ProductPrecision: ExpressibleByArgument {
    /// Those that training has.
    public static var allValueStrings: [String] { [ProductPrecision.float32, .bfloat16].map(\.rawValue) }
}
extension Recipe.Storage: ExpressibleByArgument {}
extension Recipe.Figure: ExpressibleByArgument {}
