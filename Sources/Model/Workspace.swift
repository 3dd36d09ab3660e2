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
    /// The block's middle: after attention, its residual and norm, `[T, width]`.
    var attended: Matrix
    /// `[T, intermediate width]`
    var intermediate: Matrix
    /// Attention scores, one row for each thread.
    var scores: Matrix
    /// Sentence vectors or pooled windows, `[S, width]`.
    var vectors: Matrix
    /// `[S, width]`
    var pooled: Matrix
    /// The head's output, `[S, labels]`.
    public internal(set) var logits: Matrix

    /// Room for batches of `tokens` of one model on one team.
    ///
    /// - Parameters:
    ///   - configuration: The encoder's sizes.
    ///   - labels: The head's height.
    ///   - tokens: The most tokens of a batch; raised to one full window.
    ///   - threads: The team's members.
    public init(for configuration: Configuration, labels: Int, tokens: Int, threads: Int) {
        let tokens = max(tokens, configuration.positions)
        let width = configuration.width
        self.tokens = tokens
        hidden = Matrix(rows: tokens, columns: width)
        projected = Matrix(rows: tokens, columns: 3 * width)
        context = Matrix(rows: tokens, columns: width)
        attended = Matrix(rows: tokens, columns: width)
        intermediate = Matrix(rows: tokens, columns: configuration.intermediateWidth)
        scores = Matrix(
            rows: threads,
            columns: attentionScratchColumns(longest: configuration.positions, width: width / configuration.heads))
        // A sentence has one token at least, its [SEP].
        vectors = Matrix(rows: tokens, columns: width)
        pooled = Matrix(rows: tokens, columns: width)
        logits = Matrix(rows: tokens, columns: labels)
    }
}
