public import Checkpoint
public import Kernels

/// The network of a checkpoint, ready to run.
public enum LoadedModel: Sendable {
    /// Labels each sentence of an abstract.
    case sequenceLabeller(SequenceLabeller)
    /// Labels a whole text.
    case sequenceClassifier(SequenceClassifier)

    /// Builds the network that a configuration describes from a checkpoint's tensors.
    ///
    /// - Parameters:
    ///   - configuration: The configuration from `config.json`.
    ///   - precision: Precision of the encoder's matrix multiplications.
    ///   - tensors: The tensors of the checkpoint's weight file.
    /// - Throws: ``ModelError/parameters(source:problems:)`` with every tensor that is missing, has another shape or
    ///   type, is not finite, or does not belong to the encoder; ``ModelError/configuration(_:)`` if a sequence
    ///   labeller has too many labels.
    public init(
        _ configuration: Configuration, _ precision: ProductPrecision = .float32, tensors: TensorStore
    ) throws {
        var reader = ParameterReader(tensors)
        let labels =
            configuration.labels ?? (0..<(reader.rows(of: "classifier.weight") ?? 2)).map { "LABEL_\($0)" }
        if configuration.task == .sequenceLabelling, labels.count > LabelSubset.capacity {
            throw ModelError.configuration(
                "id2label has \(labels.count) labels; expected at most \(LabelSubset.capacity) for a sequence labeller."
            )
        }
        switch configuration.task {
        case .sequenceLabelling:
            self = .sequenceLabeller(SequenceLabeller(configuration, precision, labels: labels, reading: &reader))
        case .singleLabelClassification, .multiLabelClassification:
            self = .sequenceClassifier(SequenceClassifier(configuration, precision, labels: labels, reading: &reader))
        }
        try reader.finish(configuration)
    }

    /// The encoder below the head.
    public var encoder: Encoder {
        switch self {
        case .sequenceLabeller(let model): model.encoder
        case .sequenceClassifier(let model): model.encoder
        }
    }

    /// Labels in the order of the head's rows.
    public var labels: [String] {
        switch self {
        case .sequenceLabeller(let model): model.labels
        case .sequenceClassifier(let model): model.labels
        }
    }

    /// Sizes and options from `config.json`.
    public var configuration: Configuration { encoder.configuration }
}

extension Encoder {
    /// Loads the encoder of a checkpoint without its head.
    ///
    /// - Parameters:
    ///   - configuration: The configuration from `config.json`.
    ///   - precision: Precision of the matrix multiplications.
    ///   - tensors: The tensors of the checkpoint's weight file.
    /// - Throws: ``ModelError/parameters(source:problems:)`` with every tensor that does not fit the configuration.
    public convenience init(
        _ configuration: Configuration, _ precision: ProductPrecision = .float32, tensors: TensorStore
    ) throws {
        var reader = ParameterReader(tensors)
        self.init(configuration, precision, reading: &reader)
        try reader.finish(configuration)
    }
}
