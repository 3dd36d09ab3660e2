public import Kernels

/// All activations of a forward pass, allocated once for the largest batch and reused for every batch.
public struct Workspace: ~Copyable, Sendable {
    /// Most tokens in a batch.
    public let tokens: Int

    /// The encoder's output after a forward pass, `[T, width]` or `[W, width]`.
    public internal(set) var hidden: Matrix
    /// Q, K and V side by side, `[T, 3 · width]`.
    var projected: Matrix
    /// The output of attention, `[T, width]`.
    var context: Matrix
    /// Each thread's block of rows after the attention's layer norm, `[threads · block, width]`.
    var attended: Matrix
    /// Each thread's block of rows between the perceptron's two layers, `[threads · block, intermediate width]`.
    var intermediate: Matrix
    /// Scratch of one kernel call, one row per thread.
    var scratch: Matrix
    /// Sentence vectors or `[CLS]` rows, `[S, width]`.
    var vectors: Matrix
    /// The pooler's output, `[S, width]`.
    var pooled: Matrix
    /// The head's output, `[S, labels]`.
    public internal(set) var logits: Matrix

    /// Allocates a workspace for one model and one team.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - precision: Precision of the encoder's matrix multiplications.
    ///   - labels: Number of labels of the head.
    ///   - tokens: Most tokens in a batch; raised to the number of positions if that is more.
    ///   - threads: Number of threads of the team.
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
        // A sentence has at least one token, its [SEP], so there are at most as many sentences as tokens.
        vectors = Matrix(rows: tokens, columns: width)
        pooled = Matrix(rows: tokens, columns: width)
        logits = Matrix(rows: tokens, columns: labels)
    }

    /// Allocates the scratch of one kernel call of an encoder, one row per thread.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - precision: Precision of the encoder's matrix multiplications.
    ///   - threads: Number of threads of the team.
    /// - Returns: A matrix of `threads` rows.
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
