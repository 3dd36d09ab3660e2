public import Checkpoint
public import Kernels

/// A BERT encoder and the head of a task, as parameters that learn.
///
/// Its checkpoint, read again by ``LoadedModel``, is the network that serves.
public final class TrainableNetwork {
    /// Sizes, task and labels.
    public let configuration: Configuration
    /// Names in the order of the head's rows.
    public let labels: [String]
    /// Everything that learns, from the embeddings to the head.
    public let parameters: [Parameter]
    /// The tensors that the base checkpoint did not have and that were drawn at random or set to zero.
    public let initialised: [String]

    private let encoder: TrainableEncoder
    private let head: TrainableHead
    /// A pooler that the task does not use but `transformers` expects in every BertModel.
    private let carried: [Parameter]

    /// Reads the encoder, and as much of the head as there is, from a base checkpoint.
    ///
    /// - Parameters:
    ///   - configuration: Of the network to train, with its labels.
    ///   - base: The checkpoint to begin from.
    ///   - basePositions: Its positions, where they are to be stretched to more; `nil` where they are the configuration's.
    ///   - generator: Draws the weights that the base does not have.
    /// - Throws: ``ModelError`` with everything in the base that does not fit the configuration.
    public init(
        _ configuration: Configuration, base: TensorStore, basePositions: Int? = nil,
        generator: inout some RandomNumberGenerator
    ) throws {
        guard let labels = configuration.labels, !labels.isEmpty else {
            throw ModelError.configuration("id2label is missing; a network to train needs its labels.")
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

    /// How many numbers learn.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Sets every gradient to zero.
    public func clearGradients() {
        for parameter in parameters { parameter.gradient.clear() }
    }

    /// Forward and backward: adds `scale` · ∂(Σ loss)/∂θ to the gradient of every θ.
    ///
    /// - Parameters:
    ///   - batch: Windows with what should come out; at most the workspace's tokens.
    ///   - rates: How much is dropped out where.
    ///   - smoothing: Label smoothing of a single-label classifier (Szegedy et al. 2016), 0 to below 1.
    ///   - scale: One over the items of a whole step, for the gradient of their mean.
    ///   - generator: Decides what is dropped.
    ///   - workspace: For this network's sizes.
    ///   - team: Shares the work.
    /// - Returns: Σ loss over the batch's texts.
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

    /// Every tensor of the checkpoint, under Hugging Face's names.
    ///
    /// - Parameter type: `.f32` or `.f16`.
    /// - Returns: The parameters' tensors, and a pooler that was carried along.
    /// - Throws: ``ModelError`` naming a tensor with a value that is not finite, or too large for `type`.
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
                            "\(tensor) holds a value that \(type.rawValue) cannot: the run diverged, or needs F32 storage."
                        ])
                }
                entries.append(entry)
            }
        }
        return entries
    }
}

extension SafetensorsEntry {
    /// `nil` where a value is not finite in `type`.
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
