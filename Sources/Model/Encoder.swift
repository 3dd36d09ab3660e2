public import Kernels

/// BERT (Devlin et al. 2019): embeddings, then post-LN layers of self-attention and a two-layer perceptron.
public final class Encoder: Sendable {
    /// Sizes and options.
    public let configuration: Configuration
    /// Precision of the matrix multiplications.
    public let precision: ProductPrecision
    /// Embedding tables and their layer norm (`embeddings.*`).
    public let embeddings: EmbeddingParameters
    /// Layers from first to last (`encoder.layer.*`).
    public let layers: [EncoderLayer]

    init(
        _ configuration: Configuration, _ precision: ProductPrecision, embeddings: consuming EmbeddingParameters,
        layers: [EncoderLayer]
    ) {
        self.configuration = configuration
        self.precision = precision
        self.embeddings = embeddings
        self.layers = layers
    }

    /// Runs the encoder over a packed batch.
    ///
    /// Only attention looks beyond a row. Everything between two attentions is therefore computed for one block of rows
    /// at a time, which stays in one core's cache.
    ///
    /// - Parameters:
    ///   - batch: T tokens in W windows.
    ///   - rows: Rows that the last layer computes: all of them, or the first of each window.
    ///   - workspace: Scratch memory; ``Workspace/hidden`` receives the output, `[T, width]` or `[W, width]`.
    ///   - team: Threads that share the work.
    public func forward(
        _ batch: borrowing Batch, _ rows: AttentionQueries, _ workspace: inout Workspace, team: ThreadTeam
    ) {
        workspace.hidden.resize(rows: batch.tokens)
        workspace.projected.resize(rows: batch.tokens)
        let (ids, positions) = (batch.ids, batch.positions)
        let scratch = workspace.scratch.view
        do {
            let (hidden, projected) = (workspace.hidden.view, workspace.projected.view)
            team.forEach(RowBlocks(rows: batch.tokens, members: team.count)) { rows, member in
                embeddings.embed(ids: ids, positions: positions, rows, into: hidden[rows])
                layers.first?.queryKeyValue.apply(
                    hidden[rows], into: projected[rows], scratch: scratch[member..<member + 1])
            }
        }
        for (index, layer) in layers.enumerated() {
            let isLast = index == layers.count - 1
            let form = MultiHeadAttention(
                windows: batch.cumulativeLengths, heads: configuration.heads, queries: isLast ? rows : .all,
                precision: precision)
            attention(
                workspace.projected, form, into: &workspace.context, scratch: &workspace.scratch, team: team)
            if isLast, rows == .first {
                gather(workspace.hidden, rows: batch.cumulativeLengths.dropLast(), into: &workspace.vectors)
                swap(&workspace.hidden, &workspace.vectors)
            }
            let (hidden, context, projected) = (
                workspace.hidden.view, workspace.context.view, workspace.projected.view
            )
            let (attended, intermediate) = (workspace.attended.view, workspace.intermediate.view)
            let next = isLast ? nil : layers[index + 1]
            team.forEach(RowBlocks(rows: hidden.rows, members: team.count)) { rows, member in
                let scratch = scratch[member..<member + 1]
                let start = member * RowBlocks.mostRows
                let attended = attended[start..<start + rows.count]
                let intermediate = intermediate[start..<start + rows.count]
                layer.attentionOutput.apply(
                    context[rows], residual: hidden[rows], layer.attentionNorm, into: attended, scratch: scratch)
                layer.intermediate.apply(attended, configuration.activation, into: intermediate, scratch: scratch)
                layer.output.apply(
                    intermediate, residual: attended, layer.outputNorm, into: hidden[rows], scratch: scratch)
                next?.queryKeyValue.apply(hidden[rows], into: projected[rows], scratch: scratch)
            }
        }
    }
}

/// The parameters of one encoder layer.
public final class EncoderLayer: Sendable {
    /// Query, key and value projections, stacked in this order, `[3 · width, width]`.
    public let queryKeyValue: LinearParameters
    /// Projection of the attention output, `[width, width]`.
    public let attentionOutput: LinearParameters
    /// Layer norm after attention, over the hidden width.
    public let attentionNorm: LayerNormParameters
    /// First layer of the perceptron, `[intermediate width, width]`; the activation follows it.
    public let intermediate: LinearParameters
    /// Second layer of the perceptron, `[width, intermediate width]`.
    public let output: LinearParameters
    /// Layer norm after the perceptron, over the hidden width.
    public let outputNorm: LayerNormParameters

    init(
        queryKeyValue: consuming LinearParameters, attentionOutput: consuming LinearParameters,
        attentionNorm: consuming LayerNormParameters, intermediate: consuming LinearParameters,
        output: consuming LinearParameters, outputNorm: consuming LayerNormParameters
    ) {
        self.queryKeyValue = queryKeyValue
        self.attentionOutput = attentionOutput
        self.attentionNorm = attentionNorm
        self.intermediate = intermediate
        self.output = output
        self.outputNorm = outputNorm
    }
}
