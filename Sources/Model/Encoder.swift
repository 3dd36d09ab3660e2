public import Kernels

/// BERT (Devlin et al. 2019): embeddings, then post-LN layers of self-attention and a two-layer perceptron.
public final class Encoder: Sendable {
    /// Sizes and choices.
    public let configuration: Configuration
    /// `embeddings.*`
    public let embeddings: EmbeddingParameters
    /// `encoder.layer.*`, first to last.
    public let layers: [EncoderLayer]

    init(_ configuration: Configuration, embeddings: consuming EmbeddingParameters, layers: [EncoderLayer]) {
        self.configuration = configuration
        self.embeddings = embeddings
        self.layers = layers
    }

    /// Runs the encoder over a packed batch.
    ///
    /// - Parameters:
    ///   - batch: T tokens in W windows.
    ///   - workspace: ``Workspace/hidden`` becomes the output, `[T, width]`.
    ///   - team: Shares the work.
    public func forward(_ batch: borrowing Batch, _ workspace: inout Workspace, team: ThreadTeam) {
        embed(ids: batch.ids, positions: batch.positions, embeddings, into: &workspace.hidden, team: team)
        for layer in layers {
            linear(workspace.hidden, layer.queryKeyValue, into: &workspace.projected, team: team)
            attention(
                workspace.projected, windows: batch.cumulativeLengths, heads: configuration.heads,
                into: &workspace.context, scores: &workspace.scores, team: team)
            linearResidualNorm(
                workspace.context, layer.attentionOutput, residual: workspace.hidden, layer.attentionNorm,
                into: &workspace.attended, team: team)
            linear(
                workspace.attended, layer.intermediate, configuration.activation, into: &workspace.intermediate,
                team: team)
            linearResidualNorm(
                workspace.intermediate, layer.output, residual: workspace.attended, layer.outputNorm,
                into: &workspace.hidden, team: team)
        }
    }
}

/// The parameters of one layer.
public final class EncoderLayer: Sendable {
    /// Query, key and value weights one above the other, `[3 · width, width]`.
    public let queryKeyValue: LinearParameters
    /// `[width, width]`
    public let attentionOutput: LinearParameters
    /// Over `width`.
    public let attentionNorm: LayerNormParameters
    /// `[intermediate width, width]`, followed by the activation.
    public let intermediate: LinearParameters
    /// `[width, intermediate width]`
    public let output: LinearParameters
    /// Over `width`.
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
