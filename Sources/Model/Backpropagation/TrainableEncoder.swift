internal import Kernels

/// The trainable counterpart of ``Encoder``.
///
/// The forward pass applies dropout and stores what the backward pass needs. The backward pass goes through the calls
/// of the forward pass in reverse order.
final class TrainableEncoder {
    let configuration: Configuration
    let word: Parameter
    let position: Parameter
    let tokenType: Parameter
    let norm: TrainableNorm
    let layers: [TrainableLayer]

    init(
        _ configuration: Configuration, word: Parameter, position: Parameter, tokenType: Parameter,
        norm: TrainableNorm, layers: [TrainableLayer]
    ) {
        self.configuration = configuration
        self.word = word
        self.position = position
        self.tokenType = tokenType
        self.norm = norm
        self.layers = layers
    }

    var parameters: [Parameter] {
        [word, position, tokenType] + norm.parameters + layers.flatMap(\.parameters)
    }

    /// Runs the forward pass. The output is the last of the workspace's states.
    func forward(_ batch: Batch, _ dropout: EncoderDropout, _ workspace: inout TrainingWorkspace, team: ThreadTeam) {
        embed(
            ids: batch.ids, positions: batch.positions, embeddings, dropout.embeddings, sum: &workspace.embedded,
            into: &workspace.states[0].rows, statistics: &workspace.embeddedStatistics, team: team)
        for (index, layer) in layers.enumerated() {
            let (kept, dropout) = (workspace.layers[index], dropout.layers[index])
            let (input, output) = (workspace.states[index], workspace.states[index + 1])
            layer.queryKeyValue.forward(
                input.rows, into: &kept.projected, panels: &workspace.panels, workspace.precision,
                team: team)
            attention(
                kept.projected, form(of: batch, dropout, workspace.precision), into: &kept.context,
                scratch: &workspace.scratch, team: team)
            layer.attentionOutput.forward(
                kept.context, into: &kept.attentionSum, panels: &workspace.panels, workspace.precision,
                team: team)
            layer.attentionNorm.forward(
                &kept.attentionSum, residual: input.rows, dropout.attentionOutput, into: &kept.middle,
                statistics: &kept.attentionStatistics, team: team)
            layer.intermediate.forward(
                kept.middle, into: &kept.preActivation, panels: &workspace.panels, workspace.precision,
                team: team)
            activate(kept.preActivation, configuration.activation, into: &kept.activated, team: team)
            layer.output.forward(
                kept.activated, into: &kept.outputSum, panels: &workspace.panels, workspace.precision,
                team: team)
            layer.outputNorm.forward(
                &kept.outputSum, residual: kept.middle, dropout.output, into: &output.rows,
                statistics: &kept.outputStatistics, team: team)
        }
    }

    /// Adds to the gradient of every parameter, given the gradient of the loss with respect to the encoder's output in
    /// ``TrainingWorkspace/outputGradient``.
    func backward(_ batch: Batch, _ dropout: EncoderDropout, _ workspace: inout TrainingWorkspace, team: ThreadTeam) {
        for (index, layer) in layers.enumerated().reversed() {
            let (kept, dropout) = (workspace.layers[index], dropout.layers[index])
            let input = workspace.states[index]
            layer.outputNorm.backward(
                workspace.outputGradient, sum: kept.outputSum, statistics: kept.outputStatistics, dropout.output,
                into: &workspace.branchGradient, residualGradient: &workspace.middleGradient, team: team)
            layer.output.backward(
                workspace.branchGradient, input: kept.activated, into: &workspace.intermediateGradient,
                panels: &workspace.panels, workspace.precision,
                team: team)
            activateBackward(
                &workspace.intermediateGradient, input: kept.preActivation, configuration.activation, team: team)
            layer.intermediate.backward(
                workspace.intermediateGradient, input: kept.middle, into: &workspace.middleGradient,
                accumulating: true, panels: &workspace.panels, workspace.precision,
                team: team)
            layer.attentionNorm.backward(
                workspace.middleGradient, sum: kept.attentionSum, statistics: kept.attentionStatistics,
                dropout.attentionOutput, into: &workspace.branchGradient,
                residualGradient: &workspace.outputGradient, team: team)
            layer.attentionOutput.backward(
                workspace.branchGradient, input: kept.context, into: &workspace.contextGradient,
                panels: &workspace.panels, workspace.precision,
                team: team)
            attentionBackward(
                workspace.contextGradient, projected: kept.projected, context: kept.context,
                form(of: batch, dropout, workspace.precision), into: &workspace.projectedGradient,
                scratch: &workspace.scratch, team: team)
            layer.queryKeyValue.backward(
                workspace.projectedGradient, input: input.rows, into: &workspace.outputGradient, accumulating: true,
                panels: &workspace.panels, workspace.precision,
                team: team)
        }
        embedBackward(
            &workspace.outputGradient, ids: batch.ids, positions: batch.positions, sum: workspace.embedded,
            statistics: workspace.embeddedStatistics, embeddings, dropout.embeddings, team: team)
    }

    private var embeddings: EmbeddingWeights {
        EmbeddingWeights(word: word, position: position, tokenType: tokenType, norm: norm.values)
    }

    private func form(
        of batch: Batch, _ dropout: EncoderDropout.Layer, _ precision: ProductPrecision
    ) -> MultiHeadAttention {
        MultiHeadAttention(
            windows: batch.cumulativeLengths, heads: configuration.heads, dropout: dropout.attention,
            backend: .attention(precision))
    }
}

/// The trainable counterpart of ``EncoderLayer``.
final class TrainableLayer {
    let queryKeyValue: TrainableLinear
    let attentionOutput: TrainableLinear
    let attentionNorm: TrainableNorm
    let intermediate: TrainableLinear
    let output: TrainableLinear
    let outputNorm: TrainableNorm

    init(
        queryKeyValue: TrainableLinear, attentionOutput: TrainableLinear, attentionNorm: TrainableNorm,
        intermediate: TrainableLinear, output: TrainableLinear, outputNorm: TrainableNorm
    ) {
        self.queryKeyValue = queryKeyValue
        self.attentionOutput = attentionOutput
        self.attentionNorm = attentionNorm
        self.intermediate = intermediate
        self.output = output
        self.outputNorm = outputNorm
    }

    var parameters: [Parameter] {
        queryKeyValue.parameters + attentionOutput.parameters + attentionNorm.parameters + intermediate.parameters
            + output.parameters + outputNorm.parameters
    }
}

/// The dropout masks of one forward and backward pass.
struct EncoderDropout {
    struct Layer {
        let attention, attentionOutput, output: Dropout
    }

    let embeddings: Dropout
    let layers: [Layer]

    init(_ rates: DropoutRates, layers: Int, generator: inout some RandomNumberGenerator) {
        embeddings = Dropout(probability: rates.hidden, key: generator.next())
        self.layers = (0..<layers).map { _ in
            Layer(
                attention: Dropout(probability: rates.attention, key: generator.next()),
                attentionOutput: Dropout(probability: rates.hidden, key: generator.next()),
                output: Dropout(probability: rates.hidden, key: generator.next()))
        }
    }
}
