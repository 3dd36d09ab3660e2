public import Checkpoint
public import Kernels
internal import Model
internal import Text

extension Labeller {
    /// Loads a Hugging Face checkpoint directory.
    ///
    /// `config.json`, `vocab.txt` and the weights are required. `tokenizer_config.json`, `best_thresholds.json` and
    /// `profile.json` are read if they exist.
    ///
    /// - Parameters:
    ///   - directory: The checkpoint directory.
    ///   - precision: The precision of the encoder's matrix multiplications.
    ///   - lowercase: Overrides `do_lower_case` in `tokenizer_config.json`.
    /// - Throws: `CheckpointError`, `TextError`, `ModelError` or ``LabellingError``, depending on the defective
    ///   file.
    public convenience init(
        _ directory: CheckpointDirectory, _ precision: ProductPrecision = .float32, lowercase: Bool? = nil
    ) throws {
        let configuration = try Configuration(json: directory.file("config.json"))
        let vocabulary = try Vocabulary(vocabularyText: directory.file("vocab.txt"))
        var options = try WordPieceTokenizer.Options(
            tokenizerConfiguration: directory.fileIfPresent("tokenizer_config.json"))
        if let lowercase { options.lowercase = lowercase }
        let model = try LoadedModel(configuration, precision, tensors: directory.tensors())
        var thresholds: Thresholds?
        if configuration.task == .multiLabelClassification,
            let json = try directory.fileIfPresent("best_thresholds.json")
        {
            thresholds = try Thresholds(json: json, labels: model.labels)
        }
        try self.init(
            model: model, tokenizer: WordPieceTokenizer(vocabulary: vocabulary, options: options),
            thresholds: thresholds,
            profile: directory.fileIfPresent(LabellingProfile.fileName).map {
                try LabellingProfile(json: $0, labels: model.labels.count)
            })
    }
}
