public import Kernels

/// All values that a training step keeps from the forward pass for the backward pass, and all gradients of activations.
/// They are allocated once for the largest batch.
public struct TrainingWorkspace: ~Copyable {
    /// Most tokens in a batch.
    public let tokens: Int

    /// Precision to which the operands of the encoder's matrix multiplications are rounded; everything else is float32.
    public let precision: ProductPrecision

    let layers: [LayerActivations]
    /// The input of each layer and, last, the output of the encoder.
    let states: [HiddenState]
    /// The sum of the three embeddings, and the mean and inverse deviation of each of its rows.
    var embedded: Matrix
    var embeddedStatistics: Matrix
    /// Sentence vectors or `[CLS]` rows, the pooler's output, and that output after dropout, `[S, width]`.
    var vectors: Matrix
    var pooled: Matrix
    var droppedPooled: Matrix
    /// The head's output and its gradient, `[S, labels]`; the gradients of the vectors and the pooler's output.
    var logits: Matrix
    var logitsGradient: Matrix
    var vectorsGradient: Matrix
    var pooledGradient: Matrix
    /// Gradients with respect to a layer's output and its `middle`, `[T, width]`.
    var outputGradient: Matrix
    var middleGradient: Matrix
    /// Gradients with respect to the branch of a residual sum and to attention's output, `[T, width]`.
    var branchGradient: Matrix
    var contextGradient: Matrix
    /// Gradient with respect to Q, K and V, `[T, 3 · width]`.
    var projectedGradient: Matrix
    /// Gradient with respect to the perceptron's inner activations, `[T, intermediate width]`.
    var intermediateGradient: Matrix
    /// Packed weights of one matrix multiplication.
    var panels: Matrix
    /// Attention's scratch, one row per thread.
    var scratch: Matrix

    /// Allocates a workspace for one network and one team.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - labels: Number of labels of the head.
    ///   - tokens: Most tokens in a batch; raised to the number of positions if that is more.
    ///   - threads: Number of threads of the team.
    ///   - precision: Precision of the encoder's matrix multiplications.
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

    /// Returns the memory in bytes that a workspace uses once a batch has filled it.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - labels: Number of labels of the head.
    ///   - tokens: Most tokens in a batch.
    ///   - threads: Number of threads of the team.
    /// - Returns: The memory in bytes.
    public static func bytes(for configuration: Configuration, labels: Int, tokens: Int, threads: Int) -> Int {
        let sizes = Sizes(configuration, labels: labels, tokens: tokens, threads: threads)
        let layer = 8 * sizes.width + 2 * sizes.inner + 4
        // The head's matrices are not counted, because only one row per sentence of them is ever touched.
        let rest = 9 * sizes.width + sizes.inner + 2
        return 4
            * (sizes.tokens * (configuration.layers * layer + rest) + sizes.panelRows * 32
                + threads * sizes.scoreColumns)
    }

    /// The numbers from which the sizes of all matrices follow.
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

/// The activations that one layer keeps from the forward pass for the backward pass.
final class LayerActivations {
    /// Q, K and V side by side, `[T, 3 · width]`.
    var projected: Matrix
    /// The output of attention, `[T, width]`.
    var context: Matrix
    /// The sum of the attention branch and the residual before the norm, `[T, width]`, and the norm's mean and inverse
    /// deviation.
    var attentionSum: Matrix
    var attentionStatistics: Matrix
    /// The rows after attention and its norm, `[T, width]`.
    var middle: Matrix
    /// The perceptron's inner rows before and after the activation, `[T, intermediate width]`.
    var preActivation: Matrix
    var activated: Matrix
    /// The sum of the perceptron branch and the residual before the norm, `[T, width]`, and the norm's mean and inverse
    /// deviation.
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

/// The rows between two layers, `[T, width]`, shared by reference.
final class HiddenState {
    var rows: Matrix

    init(_ rows: consuming Matrix) {
        self.rows = rows
    }
}
