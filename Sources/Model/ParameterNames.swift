internal import Kernels

// The tensor names of a checkpoint, one line for each tensor or pair of tensors. They follow Hugging Face's BertModel
// and BertForSequenceClassification and the convention of torchcrf. Encoder names begin with "bert." or have no prefix.

extension Encoder {
    convenience init(
        _ configuration: Configuration, _ precision: ProductPrecision, reading reader: inout ParameterReader
    ) {
        let (width, epsilon) = (configuration.width, configuration.normEpsilon)
        let name = reader.encoder("embeddings.")
        let word = reader.table(name + "word_embeddings.weight", shape: (configuration.vocabularySize, width))
        let position = reader.matrix([name + "position_embeddings.weight"], shape: [configuration.positions, width])
        let type = reader.matrix([name + "token_type_embeddings.weight"], shape: [configuration.tokenTypes, width])
        let norm = reader.layerNorm(name + "LayerNorm", width: width, epsilon: epsilon)
        var layers: [EncoderLayer] = []
        for index in 0..<configuration.layers {
            layers.append(
                EncoderLayer(configuration, precision, reader.encoder("encoder.layer.\(index)."), reading: &reader))
        }
        self.init(
            configuration, precision,
            embeddings: EmbeddingParameters(word: word, position: position, tokenType: type, norm: norm),
            layers: layers)
    }
}

extension EncoderLayer {
    convenience init(
        _ configuration: Configuration, _ precision: ProductPrecision, _ name: String,
        reading reader: inout ParameterReader
    ) {
        let (width, inner, epsilon) = (configuration.width, configuration.intermediateWidth, configuration.normEpsilon)
        let projections = ["query", "key", "value"].map { name + "attention.self." + $0 }
        let queryKeyValue = reader.linear(projections, inner: width, outer: width, precision)
        let attentionOutput = reader.linear([name + "attention.output.dense"], inner: width, outer: width, precision)
        let attentionNorm = reader.layerNorm(name + "attention.output.LayerNorm", width: width, epsilon: epsilon)
        let intermediate = reader.linear([name + "intermediate.dense"], inner: width, outer: inner, precision)
        let output = reader.linear([name + "output.dense"], inner: inner, outer: width, precision)
        let outputNorm = reader.layerNorm(name + "output.LayerNorm", width: width, epsilon: epsilon)
        self.init(
            queryKeyValue: queryKeyValue, attentionOutput: attentionOutput, attentionNorm: attentionNorm,
            intermediate: intermediate, output: output, outputNorm: outputNorm)
    }
}

extension SequenceLabeller {
    convenience init(
        _ configuration: Configuration, _ precision: ProductPrecision, labels: [String],
        reading reader: inout ParameterReader
    ) {
        let count = labels.count
        let encoder = Encoder(configuration, precision, reading: &reader)
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
    convenience init(
        _ configuration: Configuration, _ precision: ProductPrecision, labels: [String],
        reading reader: inout ParameterReader
    ) {
        let width = configuration.width
        let encoder = Encoder(configuration, precision, reading: &reader)
        let pooler = reader.linear([reader.encoder("pooler.dense")], inner: width, outer: width)
        let classifier = reader.linear(["classifier"], inner: width, outer: labels.count)
        self.init(encoder: encoder, pooler: pooler, classifier: classifier, labels: labels)
    }
}

// Tensor names of trainable parameters. These are always written with "bert.".

extension TrainableEncoder {
    convenience init(_ configuration: Configuration, basePositions: Int, reading reader: inout ParameterReader) {
        let width = configuration.width
        let name = "bert.embeddings."
        func table(_ table: String, _ rows: Int, _ reader: inout ParameterReader) -> Parameter {
            reader.parameter([name + table + ".weight"], shape: [rows, width], place: .embeddings)
        }
        let word = table("word_embeddings", configuration.vocabularySize, &reader)
        let position = reader.positions(
            name + "position_embeddings.weight", stored: basePositions, rows: configuration.positions, columns: width)
        let type = table("token_type_embeddings", configuration.tokenTypes, &reader)
        let norm = TrainableNorm(name + "LayerNorm", configuration, place: .embeddings, reading: &reader)
        var layers: [TrainableLayer] = []
        for index in 0..<configuration.layers {
            layers.append(TrainableLayer(configuration, index, reading: &reader))
        }
        self.init(configuration, word: word, position: position, tokenType: type, norm: norm, layers: layers)
    }
}

extension TrainableLayer {
    convenience init(_ configuration: Configuration, _ index: Int, reading reader: inout ParameterReader) {
        let (width, inner) = (configuration.width, configuration.intermediateWidth)
        let (name, place) = ("bert.encoder.layer.\(index).", Parameter.Place.layer(index))
        let projections = ["query", "key", "value"].map { name + "attention.self." + $0 }
        self.init(
            queryKeyValue: TrainableLinear(projections, inner: width, outer: width, place: place, reading: &reader),
            attentionOutput: TrainableLinear(
                [name + "attention.output.dense"], inner: width, outer: width, place: place, reading: &reader),
            attentionNorm: TrainableNorm(
                name + "attention.output.LayerNorm", configuration, place: place, reading: &reader),
            intermediate: TrainableLinear(
                [name + "intermediate.dense"], inner: width, outer: inner, place: place, reading: &reader),
            output: TrainableLinear(
                [name + "output.dense"], inner: inner, outer: width, place: place, reading: &reader),
            outputNorm: TrainableNorm(name + "output.LayerNorm", configuration, place: place, reading: &reader))
    }
}

extension TrainableLinear {
    convenience init(
        _ layers: [String], inner: Int, outer: Int, place: Parameter.Place, reading reader: inout ParameterReader
    ) {
        self.init(
            weight: reader.parameter(layers.map { $0 + ".weight" }, shape: [outer, inner], place: place),
            bias: reader.parameter(layers.map { $0 + ".bias" }, shape: [outer], place: place))
    }
}

extension TrainableNorm {
    convenience init(
        _ name: String, _ configuration: Configuration, place: Parameter.Place,
        reading reader: inout ParameterReader
    ) {
        self.init(
            gamma: reader.parameter([name + ".weight"], shape: [configuration.width], place: place),
            beta: reader.parameter([name + ".bias"], shape: [configuration.width], place: place),
            epsilon: configuration.normEpsilon)
    }
}

extension TrainableHead {
    /// Creates the head of a task.
    ///
    /// Tensors that the checkpoint has in the right shape are read. The others are drawn like BERT's own
    /// (`initializer_range` 0.02); biases and the CRF start at zero. `initialised` receives the names of the tensors
    /// that were not read.
    init(
        _ configuration: Configuration, labels: Int, reading reader: inout ParameterReader,
        initialised: inout [String], generator: inout some RandomNumberGenerator
    ) {
        let width = configuration.width
        func parameter(
            _ tensor: String, _ shape: [Int], deviation: Double, isDecayed: Bool = false,
            _ reader: inout ParameterReader, _ initialised: inout [String],
            _ generator: inout some RandomNumberGenerator
        ) -> Parameter {
            if reader.has(tensor, shape: shape) {
                return reader.parameter([tensor], shape: shape, place: .head, isDecayed: isDecayed)
            }
            initialised.append(tensor)
            let rows = shape.count > 1 ? shape[0] : 1
            let count = shape.reduce(1, *)
            return Parameter(
                [tensor], shape: shape, place: .head, isDecayed: isDecayed,
                value: Matrix(
                    rows: rows, columns: count / max(1, rows), normal(count, deviation: deviation, &generator)))
        }
        func linear(
            _ name: String, outer: Int, _ reader: inout ParameterReader, _ initialised: inout [String],
            _ generator: inout some RandomNumberGenerator
        ) -> TrainableLinear {
            TrainableLinear(
                weight: parameter(
                    name + ".weight", [outer, width], deviation: 0.02, isDecayed: true, &reader, &initialised,
                    &generator),
                bias: parameter(name + ".bias", [outer], deviation: 0, &reader, &initialised, &generator))
        }
        switch configuration.task {
        case .sequenceLabelling:
            self = .sentences(
                SentenceHead(
                    classifier: linear("classifier", outer: labels, &reader, &initialised, &generator),
                    transitions: parameter(
                        "crf.transitions", [labels, labels], deviation: 0, &reader, &initialised, &generator),
                    start: parameter(
                        "crf.start_transitions", [labels], deviation: 0, &reader, &initialised, &generator),
                    end: parameter("crf.end_transitions", [labels], deviation: 0, &reader, &initialised, &generator)))
        case .singleLabelClassification, .multiLabelClassification:
            self = .text(
                TextHead(
                    pooler: linear("bert.pooler.dense", outer: width, &reader, &initialised, &generator),
                    classifier: linear("classifier", outer: labels, &reader, &initialised, &generator)))
        }
    }
}

extension ParameterReader {
    /// Reads the pooler of a base checkpoint for a network that does not use it, because `transformers` expects one in
    /// every BertModel. Returns no parameters if the checkpoint has none.
    mutating func unusedPooler(width: Int) -> [Parameter] {
        let tensors = [("bert.pooler.dense.weight", [width, width]), ("bert.pooler.dense.bias", [width])]
        guard tensors.allSatisfy({ has($0, shape: $1) }) else { return [] }
        return [
            parameter([tensors[0].0], shape: tensors[0].1, place: .head),
            parameter([tensors[1].0], shape: tensors[1].1, place: .head),
        ]
    }
}
