internal import FoundationEssentials
import JSON
public import Kernels

/// The sizes and options of a BERT encoder and its head, as `config.json` gives them.
public struct Configuration: Sendable, Equatable {
    /// The task of the head on the encoder.
    public enum Task: Sendable, Equatable {
        /// One label per sentence; a linear-chain CRF decodes all sentences of an abstract together.
        case sequenceLabelling
        /// One label per text: Hugging Face's `BertForSequenceClassification` with softmax.
        case singleLabelClassification
        /// Any number of labels per text: Hugging Face's `BertForSequenceClassification` with a sigmoid for each label.
        case multiLabelClassification
    }

    /// Name that the model gives itself (`_name_or_path`), if any.
    public private(set) var name: String?
    /// Task of the head.
    public let task: Task
    /// Number of rows of the word embedding table (`vocab_size`).
    public let vocabularySize: Int
    /// Hidden width (`hidden_size`).
    public let width: Int
    /// Number of layers (`num_hidden_layers`).
    public let layers: Int
    /// Number of attention heads (`num_attention_heads`), a divisor of the width.
    public let heads: Int
    /// Width between the two layers of each perceptron (`intermediate_size`).
    public let intermediateWidth: Int
    /// Number of learned positions, and so the most tokens in a window (`max_position_embeddings`).
    public let positions: Int
    /// Number of token types (`type_vocab_size`).
    public let tokenTypes: Int
    /// Epsilon of the layer norms (`layer_norm_eps`).
    public let normEpsilon: Float
    /// Activation of the perceptrons (`hidden_act`).
    public let activation: Activation
    /// Labels in the order of the head's rows (`id2label`), or `nil` if the file has none; the height of the classifier
    /// then decides how many there are.
    public let labels: [String]?
    /// Most tokens in a window, including `[CLS]` and `[SEP]`s (`window_pieces`).
    public let windowPieces: Int
    /// Whether the windows of a text that needs several overlap (`window_overlap`). If not, each window begins where
    /// the previous one ends.
    public let windowsOverlap: Bool
    /// Most tokens of one sentence in a window of several sentences (`sentence_pieces`).
    public let sentencePieces: Int
    /// Temperature by which all scores are divided before the softmax or the CRF turns them into probabilities
    /// (`temperature`; Guo et al. 2017). It changes confidences but no label.
    public private(set) var temperature: Double

    /// Valid temperatures.
    public static let temperatures = 0.05...20.0

    /// Returns whether `other` describes the same network: only the name and the temperature may differ.
    public func isInterchangeable(with other: Configuration) -> Bool {
        var renamed = self
        renamed.name = other.name
        renamed.temperature = other.temperature
        return renamed == other
    }

    /// Reads a configuration.
    ///
    /// - Parameter json: The bytes of `config.json`.
    /// - Throws: ``ModelError/configuration(_:)`` with the key, the expected value and the value found.
    public init(json: [UInt8]) throws {
        let file: ConfigurationFile
        do {
            file = try JSONDecoder().decode(ConfigurationFile.self, from: Data(json))
        } catch let error as DecodingError {
            throw ModelError.configuration("\(error.reason).")
        }
        if let type = file.modelType, type != "bert" {
            throw ModelError.configuration(
                "model_type is \"\(type)\"; only \"bert\" is supported. Convert the model or choose another one."
            )
        }
        if let embedding = file.positionEmbeddingType, embedding != "absolute" {
            throw ModelError.configuration(
                "position_embedding_type is \"\(embedding)\"; only \"absolute\" (learned positions) is supported.")
        }
        func size(_ key: String, _ value: Int?, default fallback: Int? = nil, atMost limit: Int) throws -> Int {
            guard let value = value ?? fallback else {
                throw ModelError.configuration("\(key) is missing; expected a whole number from 1 to \(limit).")
            }
            guard (1...limit).contains(value) else {
                throw ModelError.configuration("\(key) is \(value); expected a whole number from 1 to \(limit).")
            }
            return value
        }
        vocabularySize = try size("vocab_size", file.vocabSize, atMost: 10_000_000)
        width = try size("hidden_size", file.hiddenSize, atMost: 16_384)
        layers = try size("num_hidden_layers", file.numHiddenLayers, atMost: 1_000)
        heads = try size("num_attention_heads", file.numAttentionHeads, atMost: 1_024)
        intermediateWidth = try size("intermediate_size", file.intermediateSize, atMost: 65_536)
        positions = try size("max_position_embeddings", file.maxPositionEmbeddings, default: 512, atMost: 65_536)
        tokenTypes = try size("type_vocab_size", file.typeVocabSize, default: 2, atMost: 1_024)
        guard width.isMultiple(of: heads) else {
            throw ModelError.configuration(
                "hidden_size is \(width); expected a multiple of num_attention_heads (\(heads)).")
        }
        normEpsilon = file.layerNormEps ?? 1e-12
        guard normEpsilon.isFinite, normEpsilon >= 0 else {
            throw ModelError.configuration(
                "layer_norm_eps is \(normEpsilon); expected a finite number of at least 0, such as 1e-12.")
        }
        switch file.hiddenAct ?? "gelu" {
        case "gelu": activation = .gelu
        case "gelu_new", "gelu_pytorch_tanh": activation = .geluTanh
        case "relu": activation = .relu
        case let other:
            throw ModelError.configuration(
                "hidden_act is \"\(other)\"; expected gelu, gelu_new, gelu_pytorch_tanh or relu.")
        }
        name = file.name.flatMap { $0.isEmpty ? nil : $0 }
        task = try Self.task(of: file)
        labels = try Self.labels(of: file)
        let longest = positions
        windowPieces = min(try size("window_pieces", file.windowPieces, default: longest, atMost: 65_536), longest)
        guard windowPieces >= 3 else {
            throw ModelError.configuration(
                "window_pieces and max_position_embeddings allow \(windowPieces) tokens in a window; expected at "
                    + "least 3: [CLS], one token and [SEP].")
        }
        windowsOverlap = file.windowOverlap ?? false
        temperature = file.temperature ?? 1
        guard Self.temperatures.contains(temperature) else {
            throw ModelError.configuration(
                "temperature is \(temperature); expected a number from \(Self.temperatures.lowerBound) to \(Self.temperatures.upperBound)."
            )
        }
        // A window must have room for [CLS], one sentence and its [SEP].
        sentencePieces = min(
            try size("sentence_pieces", file.sentencePieces, default: 126, atMost: 65_536), windowPieces - 2)
    }

    private static func task(of file: ConfigurationFile) throws -> Task {
        let labeller = "BertForSequentialSentenceClassification"
        if let decoder = file.decoder {
            guard decoder == "crf" else {
                throw ModelError.configuration("decoder is \"\(decoder)\"; expected \"crf\" or no decoder key.")
            }
            guard file.sentencePooling ?? "mean" == "mean" else {
                throw ModelError.configuration(
                    "sentence_pooling is \"\(file.sentencePooling ?? "")\"; expected \"mean\".")
            }
            return .sequenceLabelling
        }
        if file.architectures?.contains(labeller) == true { return .sequenceLabelling }
        switch file.problemType {
        case nil, "single_label_classification": return .singleLabelClassification
        case "multi_label_classification": return .multiLabelClassification
        case let other?:
            throw ModelError.configuration(
                "problem_type is \"\(other)\"; expected single_label_classification or multi_label_classification.")
        }
    }

    private static func labels(of file: ConfigurationFile) throws -> [String]? {
        guard let table = file.id2label else {
            return file.numLabels.map { (0..<min(max(0, $0), 100_000)).map { "LABEL_\($0)" } }
        }
        let labels = try (0..<table.count).map { index in
            guard let label = table[String(index)] else {
                throw ModelError.configuration(
                    "id2label has \(table.count) entries but none for \(index); expected one for each index from 0 to \(table.count - 1)."
                )
            }
            return label
        }
        guard !labels.isEmpty else {
            throw ModelError.configuration("id2label is empty; expected the name of at least one label.")
        }
        if let repeated = Dictionary(grouping: labels, by: \.self).first(where: { $1.count > 1 })?.key {
            throw ModelError.configuration(
                "id2label gives the name \"\(repeated)\" to several labels; all names must differ.")
        }
        return labels
    }
}

/// The keys of `config.json` that are used, under Hugging Face's names. All other keys are ignored.
private struct ConfigurationFile: Decodable {
    var name: String?
    var modelType: String?
    var architectures: [String]?
    var vocabSize: Int?
    var hiddenSize: Int?
    var numHiddenLayers: Int?
    var numAttentionHeads: Int?
    var intermediateSize: Int?
    var maxPositionEmbeddings: Int?
    var typeVocabSize: Int?
    var layerNormEps: Float?
    var hiddenAct: String?
    var positionEmbeddingType: String?
    var problemType: String?
    var id2label: [String: String]?
    var numLabels: Int?
    var decoder: String?
    var sentencePooling: String?
    var windowPieces: Int?
    var windowOverlap: Bool?
    var sentencePieces: Int?
    var temperature: Double?

    enum CodingKeys: String, CodingKey {
        case name = "_name_or_path"
        case modelType = "model_type"
        case architectures
        case vocabSize = "vocab_size"
        case hiddenSize = "hidden_size"
        case numHiddenLayers = "num_hidden_layers"
        case numAttentionHeads = "num_attention_heads"
        case intermediateSize = "intermediate_size"
        case maxPositionEmbeddings = "max_position_embeddings"
        case typeVocabSize = "type_vocab_size"
        case layerNormEps = "layer_norm_eps"
        case hiddenAct = "hidden_act"
        case positionEmbeddingType = "position_embedding_type"
        case problemType = "problem_type"
        case id2label
        case numLabels = "num_labels"
        case decoder
        case sentencePooling = "sentence_pooling"
        case windowPieces = "window_pieces"
        case windowOverlap = "window_overlap"
        case sentencePieces = "sentence_pieces"
        case temperature
    }
}
