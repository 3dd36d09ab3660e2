import Checkpoint
public import Evaluation
public import Kernels
public import Model
public import Runs

/// Every choice that decides what a run learns: the same recipe, data, base checkpoint and program give the same bytes.
public struct Recipe: Sendable, Codable, Equatable {
    /// How trained weights are stored.
    public enum Storage: String, Sendable, Codable, CaseIterable {
        case f16, f32

        var elementType: ElementType { self == .f16 ? .f16 : .f32 }
        /// As `torch_dtype` names it.
        var torchType: String { self == .f16 ? "float16" : "float32" }
    }

    /// The figure on the development data that chooses the best epoch.
    public typealias Figure = SelectionFigure

    /// What the network is to do.
    public var task: TrainingTask
    /// The peak learning rate of the encoder's last layer.
    public var learningRate = 1.5e-4
    /// The peak learning rate of the head.
    public var headLearningRate = 1e-3
    /// By how much each layer's rate is smaller than that of the layer above it (Howard & Ruder 2018); 1 for equal rates.
    public var layerDecay = 0.9
    /// AdamW's decoupled weight decay, of matrices.
    public var weightDecay = 0.01
    /// The share of the steps in which the rate rises from 0 to its peak; it then falls to 0.
    public var warmUp = 0.1
    /// Passes over the corpus; the last one may be a part.
    public var epochs = 4.0
    /// The most pieces of a batch.
    public var tokensPerBatch = 6_000
    /// The most abstracts or texts of a batch; `nil` where only ``tokensPerBatch`` limits it.
    public var batchSize: Int?
    /// Batches of a step.
    public var accumulation = 1
    /// The gradient's largest norm; a longer one is shortened to it (Pascanu et al. 2013).
    public var clip = 1.0
    /// The share of values that dropout zeroes.
    public var dropout = DropoutRates(hidden: 0.1, attention: 0.1, head: 0.2)
    /// The share of pieces that are replaced by `[MASK]`.
    public var maskedPieces = 0.05
    /// The share of abstracts or texts whose numbers are read as `@`, as in the common variant of PubMed RCT.
    public var maskedNumbers = 0.5
    /// The share of abstracts of which one or two sentences of each run of equal labels are kept.
    public var shortened = 0.2
    /// How likely an abstract that is shortened loses each of its runs of equal labels; two at least are kept.
    public var omittedSections = 0.0
    /// The share of the exact likelihood in the loss of abstracts that use only one of BACKGROUND and OBJECTIVE; the rest
    /// is the likelihood of either label where one of them stands. 1 for the exact likelihood alone.
    public var exactShare = 0.1
    /// The share of the loss that is a teacher's say, where there is one.
    public var taughtShare = 0.5
    /// Label smoothing of single-label classifiers (Szegedy et al. 2016).
    public var labelSmoothing = 0.0
    /// The decay of the weights' exponential moving average, which is then what is evaluated and written; 0 for none.
    public var averaging = 0.998
    /// The most pieces of a window; `nil` for the base checkpoint's. Where the base has fewer positions, they are stretched.
    public var maxLength: Int?
    /// Cut the training texts to as many of every label as the rarest has.
    public var downsample = false
    /// Train on so many abstracts or texts, drawn at random; `nil` for all.
    public var sample: Int?
    /// The share of the training data that is set apart for development where no development data are given.
    public var developmentShare = 0.1
    /// Decides everything random.
    public var seed: UInt64 = 1
    /// Threads that share the arithmetic; another number rounds differently.
    public var threads = 1
    /// What the encoder's matrix products round their operands to.
    public var precision = ProductPrecision.float32
    /// How the trained weights are stored.
    public var storage = Storage.f16
    /// What the best epoch is best by.
    public var figure = Figure.microF1

    /// The usual recipe for a task.
    public init(task: TrainingTask) {
        self.task = task
        if task != .sequenceLabelling {
            learningRate = 1e-4
            layerDecay = 1
            maskedNumbers = 0
            shortened = 0
            exactShare = 1
            averaging = 0
        }
    }
}
