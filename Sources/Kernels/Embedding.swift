internal import CKernels

/// BERT's three tables: word `[vocabulary, width]`, position `[positions, width]`, token type `[types, width]`.
public struct EmbeddingParameters: ~Copyable, Sendable {
    /// `[vocabulary, width]`
    public let word: EmbeddingTable
    /// `[positions, width]`
    public let position: Matrix
    /// `[types, width]`
    public let tokenType: Matrix
    /// What the sum of the three passes through.
    public let norm: LayerNormParameters

    /// Takes tables of one width.
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

    /// y[t] = layer norm(word[id[t]] + position[p[t]] + tokenType[0]) for some t, by the calling thread alone.
    ///
    /// - Parameters:
    ///   - ids: `[T]`, rows of the word table.
    ///   - positions: `[T]`, rows of the position table.
    ///   - range: Of T.
    ///   - output: y's rows of that range, `[range, width]`.
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
