public import Kernels

/// Every value that a training step keeps from forward for backward, and the gradients on their way back; allocated once
/// for the largest batch.
public struct TrainingWorkspace: ~Copyable {
    /// The most tokens a batch may have.
    public let tokens: Int

    /// What the encoder's matrix products round their operands to; everything else is float32.
    public let precision: ProductPrecision

    let layers: [LayerActivations]
    /// What each layer reads, and last what the encoder gives.
    let states: [HiddenState]
    /// Sum of the three embeddings and its norm's mean and inverse deviation.
    var embedded: Matrix
    var embeddedStatistics: Matrix
    /// Sentence vectors or `[CLS]` rows, and what the pooler makes of them, `[S, width]`.
    var vectors: Matrix
    var pooled: Matrix
    var droppedPooled: Matrix
    /// `[S, labels]`
    var logits: Matrix
    var logitsGradient: Matrix
    var vectorsGradient: Matrix
    var pooledGradient: Matrix
    /// By a layer's output, and by its middle, `[T, width]`.
    var outputGradient: Matrix
    var middleGradient: Matrix
    /// By what enters a residual sum, and by attention's context, `[T, width]`.
    var branchGradient: Matrix
    var contextGradient: Matrix
    /// `[T, 3 · width]`
    var projectedGradient: Matrix
    /// `[T, intermediate width]`
    var intermediateGradient: Matrix
    /// A product's packed weights.
    var panels: Matrix
    /// Attention's, one row for each thread.
    var scratch: Matrix

    /// Room for batches of `tokens` of one network on one team.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - labels: The head's height.
    ///   - tokens: The most tokens of a batch; raised to one full window.
    ///   - threads: The team's members.
    ///   - precision: Of the encoder's matrix products.
    public init(
        for configuration: Configuration, labels: Int, tokens: Int, threads: Int,
        precision: ProductPrecision = .float32
    ) {
        let sizes = Sizes(configuration, labels: labels, tokens: tokens, threads: threads)
        func wide(_ widths: Int = 1) -> Matrix { Matrix(rows: sizes.tokens, columns: widths * sizes.width) }
        func statistics() -> Matrix { Matrix(rows: sizes.tokens, columns: 2) }
        self.tokens = sizes.tokens
        self.precision = precision
        layers = (0..<configuration.layers).map { _ in
            LayerActivations(
                projected: wide(3), context: wide(), attentionSum: wide(), attentionStatistics: statistics(),
                middle: wide(), preActivation: Matrix(rows: sizes.tokens, columns: sizes.inner),
                activated: Matrix(rows: sizes.tokens, columns: sizes.inner), outputSum: wide(),
                outputStatistics: statistics())
        }
        states = (0...configuration.layers).map { _ in HiddenState(wide()) }
        embedded = wide()
        embeddedStatistics = statistics()
        vectors = wide()
        pooled = wide()
        droppedPooled = wide()
        logits = Matrix(rows: sizes.tokens, columns: labels)
        logitsGradient = Matrix(rows: sizes.tokens, columns: labels)
        vectorsGradient = wide()
        pooledGradient = wide()
        outputGradient = wide()
        middleGradient = wide()
        branchGradient = wide()
        contextGradient = wide()
        projectedGradient = wide(3)
        intermediateGradient = Matrix(rows: sizes.tokens, columns: sizes.inner)
        panels = Matrix(rows: sizes.panelRows, columns: 32)
        scratch = Matrix(rows: threads, columns: sizes.scoreColumns)
    }

    /// The memory a workspace takes once it is full, in bytes.
    public static func bytes(for configuration: Configuration, labels: Int, tokens: Int, threads: Int) -> Int {
        let sizes = Sizes(configuration, labels: labels, tokens: tokens, threads: threads)
        let layer = 8 * sizes.width + 2 * sizes.inner + 4
        // Of the head's vectors only a row for each sentence is ever touched, so they are not counted.
        let rest = 9 * sizes.width + sizes.inner + 2
        return 4
            * (sizes.tokens * (configuration.layers * layer + rest) + sizes.panelRows * 32
                + threads * sizes.scoreColumns)
    }

    /// What the matrices' sizes follow from.
    private struct Sizes {
        let tokens, width, inner, panelRows, scoreColumns: Int

        init(_ configuration: Configuration, labels: Int, tokens: Int, threads: Int) {
            (width, inner) = (configuration.width, configuration.intermediateWidth)
            self.tokens = max(tokens, configuration.positions)
            panelRows =
                [(width, 3 * width), (width, width), (width, inner), (inner, width), (width, labels)]
                .map { linearPanelRows(inner: $0, outer: $1) }.max() ?? 0
            let headWidth = width / configuration.heads
            scoreColumns = max(
                attentionScratchColumns(longest: configuration.positions, width: headWidth),
                attentionBackwardScratchColumns(longest: configuration.positions, width: headWidth))
        }
    }
}

/// What one layer keeps from forward for backward.
final class LayerActivations {
    /// Q, K and V, `[T, 3 · width]`.
    var projected: Matrix
    /// `[T, width]`
    var context: Matrix
    /// Attention's output and the residual, before the norm, `[T, width]`; the norm's mean and inverse deviation.
    var attentionSum: Matrix
    var attentionStatistics: Matrix
    /// After attention and its norm, `[T, width]`.
    var middle: Matrix
    /// Before and after the activation, `[T, intermediate width]`.
    var preActivation: Matrix
    var activated: Matrix
    /// The perceptron's output and the residual, before the norm, `[T, width]`; the norm's mean and inverse deviation.
    var outputSum: Matrix
    var outputStatistics: Matrix

    init(
        projected: consuming Matrix, context: consuming Matrix, attentionSum: consuming Matrix,
        attentionStatistics: consuming Matrix, middle: consuming Matrix, preActivation: consuming Matrix,
        activated: consuming Matrix, outputSum: consuming Matrix, outputStatistics: consuming Matrix
    ) {
        self.projected = projected
        self.context = context
        self.attentionSum = attentionSum
        self.attentionStatistics = attentionStatistics
        self.middle = middle
        self.preActivation = preActivation
        self.activated = activated
        self.outputSum = outputSum
        self.outputStatistics = outputStatistics
    }
}

/// The rows between two layers, `[T, width]`.
final class HiddenState {
    var rows: Matrix

    init(_ rows: consuming Matrix) {
        self.rows = rows
    }
}
