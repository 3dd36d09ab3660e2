import Corpora
import Runs
public import Checkpoint
import Labelling
public import Model
public import Text

/// The checkpoint that a run begins from: an encoder, perhaps with a head, and its tokenizer.
public struct BaseCheckpoint: Sendable {
    /// Its files.
    public let directory: CheckpointDirectory
    /// From `config.json`.
    public let configuration: Configuration
    /// From `vocab.txt` and `tokenizer_config.json`.
    public let tokenizer: WordPieceTokenizer

    /// The files that a trained checkpoint takes over as they are.
    static let copiedFiles = ["vocab.txt", "tokenizer_config.json"]

    /// Opens a directory in Hugging Face's layout; its weights are read later.
    ///
    /// - Parameter path: The directory.
    /// - Throws: An error of the module whose file it is.
    public init(path: String) throws {
        directory = try CheckpointDirectory(path: path)
        configuration = try Configuration(json: directory.file("config.json"))
        let vocabulary = try Vocabulary(vocabularyText: directory.file("vocab.txt"))
        let options = try WordPieceTokenizer.Options(
            tokenizerConfiguration: directory.fileIfPresent("tokenizer_config.json"))
        tokenizer = WordPieceTokenizer(vocabulary: vocabulary, options: options)
        guard vocabulary.count <= configuration.vocabularySize else {
            throw LabellingError.checkpoint(
                "vocab.txt has \(vocabulary.count) pieces, but config.json's vocab_size is \(configuration.vocabularySize): the vocabulary is another model's."
            )
        }
    }

    /// The model's own name, or its directory's.
    public var name: String { configuration.name ?? directory.path.lastPathComponent }

    /// The files it may be made of, those that are there.
    var files: [DataRecord.File] {
        [
            "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors", "model.safetensors.index.json",
            "pytorch_model.bin",
        ].compactMap { name in
            SHA256.hexadecimal(ofFile: "\(directory.path)/\(name)").map { DataRecord.File(name: name, sha256: $0) }
        }
    }

    /// The weights that a network of another configuration can begin from: all of them where it does the same task with
    /// the same labels, otherwise those of the encoder and its pooler.
    func tensors(for target: Configuration) throws -> TensorStore {
        let store = try directory.tensors()
        if configuration.task == target.task, configuration.labels == target.labels { return store }
        return store.filter { tensor in !["classifier.", "crf."].contains { tensor.name.hasPrefix($0) } }
    }

    /// The configuration of a network for another task over this encoder, as its `config.json` and as it is read; for
    /// windows longer than the encoder's, with more positions.
    func target(_ recipe: Recipe, labels: [String], name: String) throws -> (json: [UInt8], Configuration) {
        let json = configuration.json(
            task: recipe.task.checkpointTask, labels: labels, name: name, dropout: recipe.dropout,
            storage: recipe.storage.torchType,
            windowPieces: recipe.maxLength ?? configuration.windowPieces, windowsOverlap: true)
        return (json, try Configuration(json: json))
    }
}
