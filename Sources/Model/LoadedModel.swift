public import Checkpoint
public import Kernels

/// A checkpoint's network, ready to run.
public enum LoadedModel: Sendable {
    case sequenceLabeller(SequenceLabeller)
    case sequenceClassifier(SequenceClassifier)

    /// Builds the network that a configuration describes from a checkpoint's tensors.
    ///
    /// - Parameters:
    ///   - configuration: From `config.json`.
    ///   - precision: Of the encoder's products.
    ///   - tensors: From the checkpoint's weight file.
    /// - Throws: ``ModelError/parameters(source:problems:)`` with everything that is missing, of another shape or type,
    ///   not finite, or left over in the encoder.
    public init(
        _ configuration: Configuration, _ precision: ProductPrecision = .float32, tensors: TensorStore
    ) throws {
        var reader = ParameterReader(tensors)
        let labels =
            configuration.labels ?? (0..<(reader.rows(of: "classifier.weight") ?? 2)).map { "LABEL_\($0)" }
        if configuration.task == .sequenceLabelling, labels.count > LabelSubset.capacity {
            throw ModelError.configuration(
                "id2label has \(labels.count) labels; a sequence labeller may have \(LabelSubset.capacity).")
        }
        switch configuration.task {
        case .sequenceLabelling:
            self = .sequenceLabeller(SequenceLabeller(configuration, precision, labels: labels, reading: &reader))
        case .singleLabelClassification, .multiLabelClassification:
            self = .sequenceClassifier(SequenceClassifier(configuration, precision, labels: labels, reading: &reader))
        }
        try reader.finish(configuration)
    }

    /// The encoder under the head.
    public var encoder: Encoder {
        switch self {
        case .sequenceLabeller(let model): model.encoder
        case .sequenceClassifier(let model): model.encoder
        }
    }

    /// The labels in the order of the head's rows.
    public var labels: [String] {
        switch self {
        case .sequenceLabeller(let model): model.labels
        case .sequenceClassifier(let model): model.labels
        }
    }

    /// The sizes and choices that config.json gave.
    public var configuration: Configuration { encoder.configuration }
}

extension Encoder {
    /// The encoder of a checkpoint alone, whatever head it has.
    ///
    /// - Parameters:
    ///   - configuration: From `config.json`.
    ///   - precision: Of the products.
    ///   - tensors: From the checkpoint's weight file.
    /// - Throws: ``ModelError/parameters(source:problems:)`` with everything that does not fit.
    public convenience init(
        _ configuration: Configuration, _ precision: ProductPrecision = .float32, tensors: TensorStore
    ) throws {
        var reader = ParameterReader(tensors)
        self.init(configuration, precision, reading: &reader)
        try reader.finish(configuration)
    }
}
