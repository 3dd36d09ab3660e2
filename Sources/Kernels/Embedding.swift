internal import CKernels

/// BERT's three tables: word `[vocabulary, width]`, position `[positions, width]`, token type `[types, width]`.
public struct EmbeddingParameters: ~Copyable, Sendable {
    /// `[vocabulary, width]`
    public var word: Matrix
    /// `[positions, width]`
    public var position: Matrix
    /// `[types, width]`
    public var tokenType: Matrix
    /// What the sum of the three passes through.
    public var norm: LayerNormParameters

    /// Takes tables of one width.
    public init(
        word: consuming Matrix, position: consuming Matrix, tokenType: consuming Matrix,
        norm: consuming LayerNormParameters
    ) {
        precondition(word.columns == position.columns && word.columns == tokenType.columns)
        self.word = word
        self.position = position
        self.tokenType = tokenType
        self.norm = norm
    }
}

/// y[t] = layer norm(word[id[t]] + position[p[t]] + tokenType[0])
///
/// - Parameters:
///   - ids: `[T]`, rows of the word table.
///   - positions: `[T]`, rows of the position table.
///   - tables: The three tables and their layer norm.
///   - output: y, made `[T, width]`.
///   - team: Shares out the rows.
public func embed(
    ids: [Int32], positions: [Int32], _ tables: borrowing EmbeddingParameters, into output: inout Matrix,
    team: ThreadTeam
) {
    let width = tables.word.columns
    precondition(ids.count == positions.count && output.columns == width)
    output.resize(rows: ids.count)
    let (vocabulary, places) = (tables.word.rows, tables.position.rows)
    let (word, position, tokenType) = unsafe (tables.word.base, tables.position.base, tables.tokenType.base)
    let (gamma, beta, epsilon) = unsafe (tables.norm.gamma.base, tables.norm.beta.base, tables.norm.epsilon)
    let y = unsafe output.base
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: ids.count, step: 64) { rows, _ in
        for t in rows {
            let (id, place) = (Int(ids[t]), Int(positions[t]))
            precondition(id >= 0 && id < vocabulary && place >= 0 && place < places)
            unsafe kernels.add_three(y + t * width, word + id * width, position + place * width, tokenType, width)
        }
        unsafe kernels.bias_residual_norm(
            y + rows.lowerBound * width, rows.count, width, width, nil, nil, gamma, beta, epsilon)
    }
}
