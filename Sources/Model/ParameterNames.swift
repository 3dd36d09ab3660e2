internal import Kernels

// The names of the checkpoint, one line for each tensor or pair of them, as Hugging Face's BertModel,
// BertForSequenceClassification and the torchcrf convention write them. `prefix` is "bert." or nothing.

extension Encoder {
    convenience init(_ configuration: Configuration, reading reader: inout ParameterReader) {
        let (width, epsilon) = (configuration.width, configuration.normEpsilon)
        let name = reader.encoder("embeddings.")
        let word = reader.matrix([name + "word_embeddings.weight"], shape: [configuration.vocabularySize, width])
        let position = reader.matrix([name + "position_embeddings.weight"], shape: [configuration.positions, width])
        let type = reader.matrix([name + "token_type_embeddings.weight"], shape: [configuration.tokenTypes, width])
        let norm = reader.layerNorm(name + "LayerNorm", width: width, epsilon: epsilon)
        var layers: [EncoderLayer] = []
        for index in 0..<configuration.layers {
            layers.append(EncoderLayer(configuration, reader.encoder("encoder.layer.\(index)."), reading: &reader))
        }
        self.init(
            configuration,
            embeddings: EmbeddingParameters(word: word, position: position, tokenType: type, norm: norm),
            layers: layers)
    }
}

extension EncoderLayer {
    convenience init(_ configuration: Configuration, _ name: String, reading reader: inout ParameterReader) {
        let (width, inner, epsilon) = (configuration.width, configuration.intermediateWidth, configuration.normEpsilon)
        let projections = ["query", "key", "value"].map { name + "attention.self." + $0 }
        let queryKeyValue = reader.linear(projections, inner: width, outer: width)
        let attentionOutput = reader.linear([name + "attention.output.dense"], inner: width, outer: width)
        let attentionNorm = reader.layerNorm(name + "attention.output.LayerNorm", width: width, epsilon: epsilon)
        let intermediate = reader.linear([name + "intermediate.dense"], inner: width, outer: inner)
        let output = reader.linear([name + "output.dense"], inner: inner, outer: width)
        let outputNorm = reader.layerNorm(name + "output.LayerNorm", width: width, epsilon: epsilon)
        self.init(
            queryKeyValue: queryKeyValue, attentionOutput: attentionOutput, attentionNorm: attentionNorm,
            intermediate: intermediate, output: output, outputNorm: outputNorm)
    }
}

extension SequenceLabeller {
    convenience init(_ configuration: Configuration, labels: [String], reading reader: inout ParameterReader) {
        let count = labels.count
        let encoder = Encoder(configuration, reading: &reader)
        let classifier = reader.linear(["classifier"], inner: configuration.width, outer: count)
        let transitions = reader.matrix(["crf.transitions"], shape: [count, count])
        let start = reader.matrix(["crf.start_transitions"], shape: [count])
        let end = reader.matrix(["crf.end_transitions"], shape: [count])
        let decoder =
            reader.problems.isEmpty
            ? ConditionalRandomField(
                transitions: (0..<count).map { transitions.row($0).map(Double.init) },
                start: start.values.map(Double.init), end: end.values.map(Double.init))
            : ConditionalRandomField(transitions: [], start: [], end: [])
        self.init(encoder: encoder, classifier: classifier, decoder: decoder, labels: labels)
    }
}

extension SequenceClassifier {
    convenience init(_ configuration: Configuration, labels: [String], reading reader: inout ParameterReader) {
        let width = configuration.width
        let encoder = Encoder(configuration, reading: &reader)
        let pooler = reader.linear([reader.encoder("pooler.dense")], inner: width, outer: width)
        let classifier = reader.linear(["classifier"], inner: width, outer: labels.count)
        self.init(encoder: encoder, pooler: pooler, classifier: classifier, labels: labels)
    }
}
