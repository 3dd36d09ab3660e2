/// The weights of a linear layer in training, y = x · Wᵀ + b.
public struct LinearWeights {
    /// Weight W, `[out, in]`.
    public let weight: TrainableMatrix
    /// Bias b, `[1, out]`.
    public let bias: TrainableMatrix

    /// Creates the weights of one layer.
    ///
    /// - Parameters:
    ///   - weight: Weight W, `[out, in]`.
    ///   - bias: Bias b, `[1, out]`.
    public init(weight: TrainableMatrix, bias: TrainableMatrix) {
        precondition(bias.value.rows == 1 && bias.value.columns == weight.value.rows)
        (self.weight, self.bias) = (weight, bias)
    }
}

/// The weights of a layer norm in training, y = (s - mean(s)) / deviation(s) · γ + β (Ba et al. 2016).
public struct NormWeights {
    /// Scale γ, `[1, width]`.
    public let gamma: TrainableMatrix
    /// Shift β, `[1, width]`.
    public let beta: TrainableMatrix
    /// Constant that is added to the variance.
    public let epsilon: Float

    /// Creates the weights of one layer norm.
    ///
    /// - Parameters:
    ///   - gamma: Scale γ, `[1, width]`.
    ///   - beta: Shift β, `[1, width]`.
    ///   - epsilon: Constant that is added to the variance.
    public init(gamma: TrainableMatrix, beta: TrainableMatrix, epsilon: Float) {
        precondition(gamma.value.rows == 1 && beta.value.rows == 1 && beta.value.columns == gamma.value.columns)
        (self.gamma, self.beta, self.epsilon) = (gamma, beta, epsilon)
    }

    /// Number of columns.
    var width: Int { gamma.value.columns }
}

/// The weights of BERT's embeddings in training (Devlin et al. 2019, §3): three tables and a layer norm.
public struct EmbeddingWeights {
    /// Word embeddings, `[vocabulary, width]`.
    public let word: TrainableMatrix
    /// Position embeddings, `[positions, width]`.
    public let position: TrainableMatrix
    /// Token type embeddings, `[types, width]`; only the first type is used.
    public let tokenType: TrainableMatrix
    /// The layer norm of their sum.
    public let norm: NormWeights

    /// Creates the weights of the embeddings.
    ///
    /// - Parameters:
    ///   - word: Word embeddings, `[vocabulary, width]`.
    ///   - position: Position embeddings, `[positions, width]`.
    ///   - tokenType: Token type embeddings, `[types, width]`.
    ///   - norm: The layer norm of their sum.
    public init(word: TrainableMatrix, position: TrainableMatrix, tokenType: TrainableMatrix, norm: NormWeights) {
        for table in [word, position, tokenType] { precondition(table.value.columns == norm.width) }
        precondition(tokenType.value.rows > 0)
        (self.word, self.position, self.tokenType, self.norm) = (word, position, tokenType, norm)
    }
}
