public import Checkpoint
import Corpora
import Labelling
public import Model
import Runs
public import Text

/// The checkpoint from which training starts: an encoder, with or without a head, and its tokenizer.
public struct BaseCheckpoint: Sendable {
    /// The directory of the checkpoint.
    public let directory: CheckpointDirectory
    /// The configuration from `config.json`.
    public let configuration: Configuration
    /// The tokenizer from `vocab.txt` and `tokenizer_config.json`.
    public let tokenizer: WordPieceTokenizer

    /// The files that are copied unchanged to the trained checkpoint.
    static let copiedFiles = ["vocab.txt", "tokenizer_config.json"]

    /// Opens a directory in the Hugging Face layout. The weights are read later.
    ///
    /// - Parameter path: The path of the directory.
    /// - Throws: `CheckpointError`, `TextError`, `ModelError` or `LabellingError`, depending on the defective file.
    public init(path: String) throws {
        directory = try CheckpointDirectory(path: path)
        configuration = try Configuration(json: directory.file("config.json"))
        let vocabulary = try Vocabulary(vocabularyText: directory.file("vocab.txt"))
        let options = try WordPieceTokenizer.Options(
            tokenizerConfiguration: directory.fileIfPresent("tokenizer_config.json"))
        tokenizer = WordPieceTokenizer(vocabulary: vocabulary, options: options)
        guard vocabulary.count <= configuration.vocabularySize else {
            throw LabellingError.checkpoint(
                "vocab.txt has \(vocabulary.count) tokens, but vocab_size in config.json is \(configuration.vocabularySize); use the vocab.txt that belongs to this model."
            )
        }
    }

    /// The name in the configuration, or otherwise the name of the directory.
    public var name: String { configuration.name ?? directory.path.lastPathComponent }

    /// The existing files of the checkpoint with their digests.
    var files: [DataRecord.File] {
        [
            "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors", "model.safetensors.index.json",
            "pytorch_model.bin",
        ].compactMap { name in
            SHA256.hexadecimal(ofFile: "\(directory.path)/\(name)").map { DataRecord.File(name: name, sha256: $0) }
        }
    }

    /// Returns the weights from which a network with another configuration starts: all weights if the task and labels
    /// are the same, otherwise those of the encoder and its pooler.
    func tensors(for target: Configuration) throws -> TensorStore {
        let store = try directory.tensors()
        if configuration.task == target.task, configuration.labels == target.labels { return store }
        return store.filter { tensor in !["classifier.", "crf."].contains { tensor.name.hasPrefix($0) } }
    }

    /// Returns the configuration of a network for the recipe's task with this encoder, as `config.json` and decoded. It
    /// has more positions than the encoder if the recipe needs longer windows.
    func target(_ recipe: Recipe, labels: [String], name: String) throws -> (json: [UInt8], Configuration) {
        let json = configuration.json(
            task: recipe.task.checkpointTask, labels: labels, name: name, dropout: recipe.dropout,
            storage: recipe.storage.torchType,
            windowPieces: recipe.maxLength ?? configuration.windowPieces, windowsOverlap: true)
        return (json, try Configuration(json: json))
    }
}
