internal import JSON
internal import Kernels

extension Configuration {
    /// Returns the `config.json` of a network with this encoder and a head for `task`, with the keys of Hugging Face's
    /// BertConfig and those of our sequence labeller.
    ///
    /// - Parameters:
    ///   - task: Task of the head.
    ///   - labels: Labels in the order of the head's rows.
    ///   - name: Name that the model gives itself (`_name_or_path`).
    ///   - dropout: Dropout rates of training.
    ///   - storage: Number format of the weights, `float16` or `float32` (`torch_dtype`).
    ///   - windowPieces: Most tokens in a window; the number of positions is raised to it if necessary.
    ///   - windowsOverlap: Whether the windows of long texts overlap; `nil` keeps this configuration's value.
    /// - Returns: The JSON in UTF-8.
    public func json(
        task: Task, labels: [String], name: String?, dropout: DropoutRates = .none, storage: String = "float32",
        windowPieces: Int? = nil, windowsOverlap: Bool? = nil
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            func integers(_ json: inout JSONWriter, _ members: [(String, Int)]) {
                for (key, value) in members {
                    json.member(key, value)
                }
            }
            func strings(_ json: inout JSONWriter, _ members: [(String, String)]) {
                for (key, value) in members {
                    json.member(key, value)
                }
            }
            func numbers(_ json: inout JSONWriter, _ members: [(String, Float)]) {
                for (key, value) in members {
                    json.key(key)
                    // Writes the shortest digits that identify the float32: 0.1, not 0.10000000149011612.
                    json.number(Double(value.description) ?? 0)
                }
            }
            if let name { strings(&json, [("_name_or_path", name)]) }
            json.key("architectures")
            json.array([
                task == .sequenceLabelling
                    ? "BertForSequentialSentenceClassification" : "BertForSequenceClassification"
            ]) { $0.string($1) }
            strings(&json, [("model_type", "bert"), ("hidden_act", activation.huggingFaceName)])
            integers(
                &json,
                [
                    ("vocab_size", vocabularySize), ("hidden_size", width), ("num_hidden_layers", layers),
                    ("num_attention_heads", heads), ("intermediate_size", intermediateWidth),
                    ("max_position_embeddings", max(positions, windowPieces ?? 0)), ("type_vocab_size", tokenTypes),
                    ("pad_token_id", 0),
                ])
            numbers(
                &json,
                [
                    ("layer_norm_eps", normEpsilon), ("hidden_dropout_prob", dropout.hidden),
                    ("attention_probs_dropout_prob", dropout.attention), ("classifier_dropout", dropout.head),
                    ("initializer_range", 0.02),
                ])
            strings(&json, [("position_embedding_type", "absolute"), ("torch_dtype", storage)])
            json.key("id2label")
            json.object { json in strings(&json, labels.enumerated().map { (String($0), $1) }) }
            json.key("label2id")
            json.object { json in integers(&json, labels.enumerated().map { ($1, $0) }) }
            switch task {
            case .sequenceLabelling:
                strings(&json, [("sentence_pooling", "mean"), ("decoder", "crf")])
                integers(
                    &json,
                    [("window_pieces", windowPieces ?? self.windowPieces), ("sentence_pieces", sentencePieces)])
                json.key("window_overlap")
                json.bool(windowsOverlap ?? self.windowsOverlap)
            case .singleLabelClassification:
                strings(&json, [("problem_type", "single_label_classification")])
                integers(&json, [("window_pieces", windowPieces ?? self.windowPieces)])
            case .multiLabelClassification:
                strings(&json, [("problem_type", "multi_label_classification")])
                integers(&json, [("window_pieces", windowPieces ?? self.windowPieces)])
            }
        }
        return json.bytes
    }
}

extension Activation {
    fileprivate var huggingFaceName: String {
        switch self {
        case .gelu: "gelu"
        case .geluTanh: "gelu_new"
        case .relu: "relu"
        // Not reachable: no BERT uses it and `Configuration` does not read it.
        case .identity: "linear"
        }
    }
}
