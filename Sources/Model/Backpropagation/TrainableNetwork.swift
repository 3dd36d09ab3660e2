public import Checkpoint
public import Kernels

/// A trainable BERT encoder with the head of a task.
///
/// ``LoadedModel`` can load the checkpoint that this writes.
public final class TrainableNetwork {
    /// Sizes, task and labels.
    public let configuration: Configuration
    /// Labels in the order of the head's rows.
    public let labels: [String]
    /// All trained parameters, from the embeddings to the head.
    public let parameters: [Parameter]
    /// Names of the tensors that the base checkpoint did not have; they were drawn at random or set to zero.
    public let initialised: [String]

    private let encoder: TrainableEncoder
    private let head: TrainableHead
    /// The pooler of the base checkpoint if the task does not use it; `transformers` expects one in every BertModel.
    private let carried: [Parameter]

    /// Reads the encoder, and as much of the head as exists, from a base checkpoint.
    ///
    /// - Parameters:
    ///   - configuration: Configuration of the network to train, with its labels.
    ///   - base: The checkpoint to start from.
    ///   - basePositions: Number of positions in the base, if they are to be interpolated to more; `nil` if it is the
    ///     same as in the configuration.
    ///   - generator: Draws the weights that the base does not have.
    /// - Throws: ``ModelError`` with everything in the base that does not fit the configuration.
    public init(
        _ configuration: Configuration, base: TensorStore, basePositions: Int? = nil,
        generator: inout some RandomNumberGenerator
    ) throws {
        guard let labels = configuration.labels, !labels.isEmpty else {
            throw ModelError.configuration("id2label is missing; expected the labels of the network to train.")
        }
        var reader = ParameterReader(base)
        var initialised: [String] = []
        encoder = TrainableEncoder(
            configuration, basePositions: basePositions ?? configuration.positions, reading: &reader)
        head = TrainableHead(
            configuration, labels: labels.count, reading: &reader, initialised: &initialised, generator: &generator)
        carried = if case .sentences = head { reader.unusedPooler(width: configuration.width) } else { [] }
        try reader.finish(configuration)
        self.configuration = configuration
        self.labels = labels
        self.initialised = initialised
        parameters = encoder.parameters + head.parameters
    }

    /// Number of trained values.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Sets every gradient to zero.
    public func clearGradients() {
        for parameter in parameters { parameter.gradient.clear() }
    }

    /// Runs one forward and backward pass, and adds `scale` · ∂(Σ loss)/∂θ to the gradient of every parameter θ.
    ///
    /// - Parameters:
    ///   - batch: Texts with their targets; at most as many tokens as the workspace has room for.
    ///   - rates: Dropout rates.
    ///   - smoothing: Label smoothing of a single-label classifier (Szegedy et al. 2016), from 0 to below 1.
    ///   - scale: Factor of the gradient. To average over a step, pass 1 divided by the items of the whole step.
    ///   - generator: Draws the keys of the dropout masks.
    ///   - workspace: A workspace for this network's sizes.
    ///   - team: Threads that share the work.
    /// - Returns: The sum of the texts' losses.
    public func accumulate(
        _ batch: TrainingBatch, dropout rates: DropoutRates = .none, smoothing: Double = 0, scale: Double,
        generator: inout some RandomNumberGenerator, workspace: inout TrainingWorkspace, team: ThreadTeam
    ) -> Double {
        let dropout = EncoderDropout(rates, layers: configuration.layers, generator: &generator)
        let headDropout = Dropout(probability: rates.head, key: generator.next())
        encoder.forward(batch.batch, dropout, &workspace, team: team)
        let loss =
            switch head {
            case .sentences(let head):
                head.accumulate(batch, dropout: headDropout, scale: scale, &workspace, team: team)
            case .text(let head):
                head.accumulate(
                    batch, dropout: headDropout, smoothing: smoothing, scale: scale, &workspace, team: team)
            }
        encoder.backward(batch.batch, dropout, &workspace, team: team)
        return loss
    }

    /// Returns every tensor of the checkpoint, under Hugging Face's names.
    ///
    /// - Parameter type: `.f32` or `.f16`.
    /// - Returns: The tensors of all parameters and, if there is one, the unused pooler.
    /// - Throws: ``ModelError`` with the name of a tensor that has a value which is not finite or is too large for
    ///   `type`.
    public func entries(as type: ElementType) throws -> [SafetensorsEntry] {
        var entries: [SafetensorsEntry] = []
        for parameter in parameters + carried {
            let count = parameter.shape.reduce(1, *)
            let values = parameter.value.values
            for (index, tensor) in parameter.tensors.enumerated() {
                let own = values[index * count..<(index + 1) * count]
                guard let entry = SafetensorsEntry(name: tensor, shape: parameter.shape, own, as: type) else {
                    throw ModelError.parameters(
                        source: "the trained network",
                        problems: [
                            "\(tensor) has a value that \(type.rawValue) cannot represent; the run diverged or needs F32 storage."
                        ])
                }
                entries.append(entry)
            }
        }
        return entries
    }
}

extension SafetensorsEntry {
    /// Creates an entry, or returns `nil` if a value is not finite in `type`.
    fileprivate init?(name: String, shape: [Int], _ values: ArraySlice<Float>, as type: ElementType) {
        guard type == .f16 else {
            guard values.allSatisfy(\.isFinite) else { return nil }
            self.init(name: name, shape: shape, values: Array(values))
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * values.count)
        for value in values {
            let half = Float16(value)
            guard half.isFinite else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: half.bitPattern))
            bytes.append(UInt8(truncatingIfNeeded: half.bitPattern >> 8))
        }
        self.init(name: name, elementType: .f16, shape: shape, bytes: bytes)
    }
}
