/// One multi-head self-attention over packed windows (Vaswani et al. 2017, §3.2.2): which rows attend to which, and how
/// the result is computed. The forward and the backward pass take the same value.
public struct MultiHeadAttention {
    /// Cumulative lengths of the packed windows, `[W + 1]`, from 0 to the number of rows T.
    public let windows: [Int]
    /// Number of heads H, a divisor of the width.
    public let heads: Int
    /// Rows that attend.
    public let queries: AttentionQueries
    /// Dropout of the probabilities, for training.
    public let dropout: Dropout
    /// Precision to which Q, K, V and the probabilities are rounded in inference. Must be `.float32` in training.
    public let precision: ProductPrecision
    /// Implementation of the matrix multiplications if `precision` is `.float32`.
    public let backend: GemmBackend

    /// Creates the description of one attention.
    ///
    /// - Parameters:
    ///   - windows: Cumulative lengths of the packed windows, `[W + 1]`, from 0 to T.
    ///   - heads: Number of heads H, a divisor of the width.
    ///   - queries: Rows that attend.
    ///   - dropout: Dropout of the probabilities; requires `.float32`.
    ///   - precision: Precision to which Q, K, V and the probabilities are rounded in inference.
    ///   - backend: Implementation of the matrix multiplications if `precision` is `.float32`.
    public init(
        windows: [Int], heads: Int, queries: AttentionQueries = .all, dropout: Dropout = .none,
        precision: ProductPrecision = .float32, backend: GemmBackend = .fastest
    ) {
        precondition(precision == .float32 || dropout.probability == 0)
        self.windows = windows
        self.heads = heads
        self.queries = queries
        self.dropout = dropout
        self.precision = precision
        self.backend = backend
    }
}

/// The rows that attend to all rows of their window.
public enum AttentionQueries: Sendable {
    /// All rows.
    case all
    /// Only the first row of each window, `[CLS]`: all that a classifier needs from the last layer.
    case first
}
