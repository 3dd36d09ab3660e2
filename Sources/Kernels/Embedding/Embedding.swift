internal import CKernels

/// The embedding tables of BERT and their layer norm.
public struct EmbeddingParameters: ~Copyable, Sendable {
    /// Word embeddings, `[vocabulary, width]`.
    public let word: EmbeddingTable
    /// Position embeddings, `[positions, width]`.
    public let position: Matrix
    /// Token type embeddings, `[types, width]`.
    public let tokenType: Matrix
    /// Layer norm of the sum of the three embeddings.
    public let norm: LayerNormParameters

    /// Creates the parameters from tables of equal width.
    ///
    /// - Parameters:
    ///   - word: Word embeddings.
    ///   - position: Position embeddings.
    ///   - tokenType: Token type embeddings.
    ///   - norm: Layer norm of their sum.
    public init(
        word: consuming EmbeddingTable, position: consuming Matrix, tokenType: consuming Matrix,
        norm: consuming LayerNormParameters
    ) {
        precondition(word.columns == position.columns && word.columns == tokenType.columns)
        self.word = word
        self.position = position
        self.tokenType = tokenType
        self.norm = norm
    }

    /// Computes y[t] = layer norm(word[id[t]] + position[p[t]] + tokenType[0]) for a range of tokens, on the calling
    /// thread.
    ///
    /// - Parameters:
    ///   - ids: Rows of the word table, `[T]`.
    ///   - positions: Rows of the position table, `[T]`.
    ///   - range: Tokens to compute.
    ///   - output: The result y for these tokens, `[range, width]`.
    public func embed(ids: [Int32], positions: [Int32], _ range: Range<Int>, into output: MatrixView) {
        let width = word.columns
        precondition(ids.count == positions.count && output.columns == width && output.rows == range.count)
        let kernels = unsafe Arithmetic.kernels
        for (row, t) in range.enumerated() {
            let place = Int(positions[t])
            precondition(place >= 0 && place < position.rows)
            let y = unsafe output.base + row * width
            unsafe word.copy(row: Int(ids[t]), to: y)
            unsafe kernels.add_three(y, y, position.pointer(row: place), tokenType.base, width)
        }
        unsafe kernels.bias_residual_norm(
            output.base, output.rows, width, width, nil, nil, norm.gamma.base, norm.beta.base, norm.epsilon)
    }
}
