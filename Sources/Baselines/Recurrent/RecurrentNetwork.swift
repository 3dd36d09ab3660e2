package import Kernels
package import Model

/// A text classifier: word embeddings, a bidirectional layer of gated recurrent units, mean pooling and a linear layer.
///
/// The logits are y = W · mean(h) + b, where h are the states of both directions. If position is a feature, an embedding of
/// the text's part of the abstract is added to the mean. Names and shapes of the tensors are those of PyTorch's
/// `nn.Embedding`, `nn.GRU` and `nn.Linear`.
package final class RecurrentNetwork {
    /// The sizes that determine the shapes of the tensors.
    package struct Sizes: Equatable {
        package var words: Int
        package var embedding: Int
        package var state: Int
        package var labels: Int
        /// Number of parts of an abstract that have an embedding; 0 if position is not a feature.
        package var parts: Int

        package init(words: Int, embedding: Int, state: Int, labels: Int, parts: Int) {
            self.words = words
            self.embedding = embedding
            self.state = state
            self.labels = labels
            self.parts = parts
        }
    }

    let sizes: Sizes
    /// Word embeddings, `[words, E]`.
    let embedding: Parameter
    /// Input weights and bias of both directions, `[6 · H, E]` and `[1, 6 · H]`.
    let inputWeight: Parameter
    let inputBias: Parameter
    /// State weights and bias of both directions, `[6 · H, H]` and `[1, 6 · H]`.
    let stateWeight: Parameter
    let stateBias: Parameter
    /// Embeddings of the parts of an abstract, `[parts, 2 · H]`; `nil` if position is not a feature.
    let place: Parameter?
    /// Weight and bias of the classifier, `[L, 2 · H]` and `[1, L]`.
    let weight: Parameter
    let bias: Parameter

    /// Creates a network whose parameters get their values from `value`, called with tensor names and their common shape.
    package init(_ sizes: Sizes, value: (_ tensors: [String], _ shape: [Int]) throws -> [Float]) rethrows {
        self.sizes = sizes
        func parameter(_ tensors: [String], _ shape: [Int]) throws -> Parameter {
            let values = try value(tensors, shape)
            let columns = shape.count > 1 ? shape[1] : values.count
            return Parameter(
                tensors, shape: shape, place: .head, isDecayed: shape.count > 1,
                value: Matrix(rows: values.count / max(1, columns), columns: columns, values))
        }
        func both(_ name: String) -> [String] { ["gru.\(name)_l0", "gru.\(name)_l0_reverse"] }
        embedding = try parameter(["embedding.weight"], [sizes.words, sizes.embedding])
        inputWeight = try parameter(both("weight_ih"), [3 * sizes.state, sizes.embedding])
        inputBias = try parameter(both("bias_ih"), [3 * sizes.state])
        stateWeight = try parameter(both("weight_hh"), [3 * sizes.state, sizes.state])
        stateBias = try parameter(both("bias_hh"), [3 * sizes.state])
        place = sizes.parts > 0 ? try parameter(["place.weight"], [sizes.parts, 2 * sizes.state]) : nil
        weight = try parameter(["classifier.weight"], [sizes.labels, 2 * sizes.state])
        bias = try parameter(["classifier.bias"], [sizes.labels])
    }

    /// Creates a network with random weights, drawn as in PyTorch except for the word embeddings, which are smaller, and the
    /// part embeddings, which are zero.
    package convenience init(_ sizes: Sizes, generator: inout some RandomNumberGenerator) {
        var drawn = generator
        self.init(sizes) { tensors, shape in
            let bound: Float =
                switch tensors[0] {
                case "embedding.weight": 0.1
                case "place.weight": 0
                case let name where name.hasPrefix("gru."): 1 / Float(sizes.state).squareRoot()
                default: 1 / Float(2 * sizes.state).squareRoot()
                }
            return (0..<tensors.count * shape.reduce(1, *)).map { _ in Float.random(in: -bound...bound, using: &drawn) }
        }
        generator = drawn
    }

    /// All trainable parameters.
    package var parameters: [Parameter] {
        [embedding, inputWeight, inputBias, stateWeight, stateBias] + (place.map { [$0] } ?? []) + [weight, bias]
    }

    private var inputLayer: LinearWeights { LinearWeights(weight: inputWeight, bias: inputBias) }
    private var stateLayer: LinearWeights { LinearWeights(weight: stateWeight, bias: stateBias) }
    private var classifier: LinearWeights { LinearWeights(weight: weight, bias: bias) }

    /// Computes the logits of a batch, `[S, L]`, in the workspace.
    package func forward(
        _ batch: RecurrentBatch, _ dropout: RecurrentDropout, _ workspace: RecurrentWorkspace, team: ThreadTeam
    ) {
        gather(embedding.value, rows: batch.words, into: &workspace.embedded)
        dropOut(&workspace.embedded, dropout.words, team: team)
        linear(
            workspace.embedded, inputLayer, into: &workspace.projected, panels: &workspace.panels, team: team)
        gatedRecurrence(
            workspace.projected, texts: batch.starts, stateLayer, into: &workspace.recurrence,
            scratch: &workspace.recurrenceScratch, team: team)
        meanPool(workspace.recurrence.states, spans: batch.spans, into: &workspace.pooled)
        if let place { addGathered(place.value, rows: batch.parts, to: &workspace.pooled) }
        dropOut(&workspace.pooled, dropout.texts, team: team)
        linear(workspace.pooled, classifier, into: &workspace.logits, panels: &workspace.panels, team: team)
    }

    /// Computes the gradient of every parameter from the gradient of the loss by the logits in the workspace.
    package func backward(
        _ batch: RecurrentBatch, _ dropout: RecurrentDropout, _ workspace: RecurrentWorkspace, team: ThreadTeam
    ) {
        // The gradients of the embedding tables are overwritten, not accumulated, so they need no clearing.
        for parameter in [inputWeight, inputBias, stateWeight, stateBias, weight, bias] { parameter.gradient.clear() }
        linearBackward(
            workspace.logitsGradient, input: workspace.pooled, classifier, into: &workspace.pooledGradient,
            accumulating: false, panels: &workspace.panels, team: team)
        dropOut(&workspace.pooledGradient, dropout.texts, team: team)
        if let place { gatherBackward(workspace.pooledGradient, rows: batch.parts, into: &place.gradient) }
        workspace.statesGradient.resize(rows: batch.words.count)
        meanPoolBackward(workspace.pooledGradient, spans: batch.spans, into: &workspace.statesGradient)
        gatedRecurrenceBackward(
            workspace.statesGradient, workspace.recurrence, texts: batch.starts, stateLayer,
            into: &workspace.projectedGradient, scratch: &workspace.recurrenceScratch, team: team)
        linearBackward(
            workspace.projectedGradient, input: workspace.embedded, inputLayer, into: &workspace.embeddedGradient,
            accumulating: false, panels: &workspace.panels, team: team)
        dropOut(&workspace.embeddedGradient, dropout.words, team: team)
        gatherBackward(workspace.embeddedGradient, rows: batch.words, into: &embedding.gradient)
    }
}

/// Dropout of the word embeddings and of the pooled text vectors.
package struct RecurrentDropout: Sendable {
    let words: Dropout
    let texts: Dropout

    package init(words: Dropout, texts: Dropout) {
        self.words = words
        self.texts = texts
    }

    package static let none = RecurrentDropout(words: .none, texts: .none)
}
