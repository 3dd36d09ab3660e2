public import Kernels

/// Every activation of a forward pass, allocated once for the largest batch and reused by all.
public struct Workspace: ~Copyable, Sendable {
    /// The most tokens a batch may have.
    public let tokens: Int

    /// The encoder's output after a forward pass, `[T, width]`.
    public internal(set) var hidden: Matrix
    /// Q, K and V, `[T, 3 · width]`.
    var projected: Matrix
    /// `[T, width]`
    var context: Matrix
    /// Each member's block of rows between attention's norm and the layer's, `[threads · block, width]`.
    var attended: Matrix
    /// The same between the perceptron's two layers, `[threads · block, intermediate width]`.
    var intermediate: Matrix
    /// Of one kernel call, a row for each thread.
    var scratch: Matrix
    /// Sentence vectors or `[CLS]` rows, `[S, width]`.
    var vectors: Matrix
    /// `[S, width]`
    var pooled: Matrix
    /// The head's output, `[S, labels]`.
    public internal(set) var logits: Matrix

    /// Room for batches of `tokens` of one model on one team.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - precision: Of the encoder's products.
    ///   - labels: The head's height.
    ///   - tokens: The most tokens of a batch; raised to one full window.
    ///   - threads: The team's members.
    public init(
        for configuration: Configuration, _ precision: ProductPrecision = .float32, labels: Int, tokens: Int,
        threads: Int
    ) {
        let tokens = max(tokens, configuration.positions)
        let width = configuration.width
        let block = RowBlocks.mostRows
        self.tokens = tokens
        hidden = Matrix(rows: tokens, columns: width)
        projected = Matrix(rows: tokens, columns: 3 * width)
        context = Matrix(rows: tokens, columns: width)
        attended = Matrix(rows: threads * block, columns: width)
        intermediate = Matrix(rows: threads * block, columns: configuration.intermediateWidth)
        scratch = Self.scratch(for: configuration, precision, threads: threads)
        // A sentence has one token at least, its [SEP].
        vectors = Matrix(rows: tokens, columns: width)
        pooled = Matrix(rows: tokens, columns: width)
        logits = Matrix(rows: tokens, columns: labels)
    }

    /// Room for one kernel call of an encoder, a row for each thread.
    public static func scratch(
        for configuration: Configuration, _ precision: ProductPrecision, threads: Int
    ) -> Matrix {
        let attention = attentionScratchColumns(
            longest: configuration.positions, width: configuration.width / configuration.heads, precision)
        let product = LinearParameters.scratchColumns(
            precision, rows: RowBlocks.mostRows, inner: max(configuration.width, configuration.intermediateWidth))
        return Matrix(rows: threads, columns: max(attention, product))
    }
}
