internal import HTTPTypes
import Hummingbird
internal import JSON
internal import Labelling
internal import Text

/// Answers requests of the Open Inference Protocol, version 2, over REST, as clients of KServe and Triton send them.
///
/// Checkpoints that label sentences take a tensor `abstracts`, those that label whole texts a tensor `texts`, each of
/// any shape. Let N be the number of elements, S the number of all their sentences and L the number of labels. The
/// outputs are:
/// - `answers` `[N]`: the answers of `/predict` as JSON;
/// - for sentences, `labels` `[S]`, their probabilities `scores` `[S, L]`, and `sentences` `[S, 3]` with the index of
///   the abstract and the sentence's start and end in it;
/// - for texts, `scores` `[N, L]`.
struct OpenInference: Sendable {
    let models: ModelService
    let settings: RequestSettings
    let metrics: ServiceMetrics
    let reader: BodyReader

    private static let sentenceTensor = "abstracts"
    private static let textTensor = "texts"

    func server() -> Response {
        Response { json in
            json.object { json in
                json.member("name", "rubricator")
                json.member("version", version)
                json.key("extensions")
                json.array(["binary_tensor_data"]) { $0.string($1) }
            }
        }
    }

    func live() -> Response { Self.flag("live", true) }

    func ready() -> Response { Self.flag("ready", models.isReady) }

    func ready(_ context: ServiceContext) throws -> Response {
        let model = try self.model(context)
        // A draining service still answers, but wants clients to go elsewhere.
        let isReady = models.isReady
        return Response(status: isReady ? .ok : .serviceUnavailable) { json in
            json.object { json in
                json.member("name", model.name)
                json.key("ready")
                json.bool(isReady)
            }
        }
    }

    func metadata(_ context: ServiceContext) throws -> Response {
        let model = try self.model(context)
        let labels = model.labels.count
        return Response { json in
            json.object { json in
                json.member("name", model.name)
                json.key("versions")
                json.array(["\(model.generation)"]) { $0.string($1) }
                json.member("platform", "rubricator")
                func tensors(_ name: String, _ tensors: [(name: String, datatype: String, shape: [Int])]) {
                    json.key(name)
                    json.array(tensors) { json, tensor in
                        json.object { json in
                            json.member("name", tensor.name)
                            json.member("datatype", tensor.datatype)
                            json.key("shape")
                            json.array(tensor.shape) { $0.integer($1) }
                        }
                    }
                }
                let input = model.labeller.labelsSentences ? Self.sentenceTensor : Self.textTensor
                tensors("inputs", [(input, "BYTES", [-1])])
                tensors(
                    "outputs",
                    [("answers", "BYTES", [-1])]
                        + (model.labeller.labelsSentences
                            ? [
                                ("labels", "BYTES", [-1]), ("scores", "FP32", [-1, labels]),
                                ("sentences", "INT32", [-1, 3]),
                            ] : [("scores", "FP32", [-1, labels])]))
            }
        }
    }

    func infer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let share = reader.bodies.share()
        defer { share.end() }
        let body = try await reader.whole(of: request, in: share)
        let model = try self.model(context)
        let caller = Caller(
            until: try Deadline(of: request, from: context.start, limit: settings.timeout),
            isThere: context.clientIsThere)
        let asked = try metrics.timing(.read) { () throws in
            try InferRequest(
                body, jsonCount: try Self.jsonCount(of: request), limits: settings.limits, for: caller)
        }
        reader.log(body, context)
        let tensors: [OutputTensor]
        if asked.input.hasBytes(of: Self.sentenceTensor) {
            let items = asked.texts.enumerated().map { PredictRequest.BatchItem(text: $1, "inputs[0].data[\($0)]") }
            let results = try await model.label(
                items, headings: asked.headings ?? settings.headings, for: caller)
            metrics.countFailures(in: results)
            tensors = Self.tensors(of: items, results, labels: model.labels)
        } else if asked.input.hasBytes(of: Self.textTensor) {
            // One invalid text fails the request, because the tensor of scores has no place for a text without scores.
            let results = try await model.label(texts: asked.texts.map { .success($0) }, for: caller)
            tensors = Self.tensors(
                of: try results.map { result throws(LabellingFailure) in try result.get() }, labels: model.labels)
        } else {
            throw Problem(
                .malformedBody,
                "inputs[0].name is \(asked.input.excerpt); expected \"\(Self.sentenceTensor)\" or \"\(Self.textTensor)\"."
            )
        }
        return try Self.answer(asked, tensors, model)
    }

    private func model(_ context: ServiceContext) throws -> ServedModel {
        let model = try models.model(named: context.parameters.get("name").map { $0.percentDecoded })
        if let generation = context.parameters.get("version"), !generation.hasBytes(of: "\(model.generation)") {
            throw Problem(
                .modelNotFound,
                "there is no version \(generation.excerpt) of \"\(model.name)\"; its version is \(model.generation)."
            )
        }
        return model
    }

    /// Reads Triton's `Inference-Header-Content-Length`, the length of the JSON before binary data.
    private static func jsonCount(of request: Request) throws(Problem) -> Int? {
        guard let field = request.headers[.inferenceHeaderContentLength] else { return nil }
        guard let count = Int(field) else {
            throw Problem(
                .badMessage, "inference-header-content-length is \(field.excerpt); expected a number of bytes.")
        }
        return count
    }

    private static func tensors(
        of items: [PredictRequest.BatchItem], _ results: [Result<LabelledAbstract, LabellingFailure>], labels: [String]
    ) -> [OutputTensor] {
        let answers = zip(items, results).map { item, result in
            var json = JSONWriter()
            json.item(item, result, labels: labels)
            return json.bytes
        }
        let sentences = results.enumerated().flatMap { index, result in
            ((try? result.get())?.sentences ?? []).map { (abstract: index, sentence: $0) }
        }
        return [
            OutputTensor(name: "answers", shape: [answers.count], values: .bytes(answers)),
            OutputTensor(
                name: "labels", shape: [sentences.count],
                values: .bytes(sentences.map { Array(labels[$0.sentence.label].utf8) })),
            OutputTensor(
                name: "scores", shape: [sentences.count, labels.count],
                values: .float32(sentences.flatMap { $0.sentence.scores.map { Float($0) } })),
            OutputTensor(
                name: "sentences", shape: [sentences.count, 3],
                values: .int32(
                    sentences.flatMap {
                        [Int32($0.abstract), Int32($0.sentence.range.lowerBound), Int32($0.sentence.range.upperBound)]
                    })),
        ]
    }

    private static func tensors(of labelled: [LabelledText], labels: [String]) -> [OutputTensor] {
        let answers = labelled.map { text in
            var json = JSONWriter()
            json.text(text, labels: labels)
            return json.bytes
        }
        return [
            OutputTensor(name: "answers", shape: [answers.count], values: .bytes(answers)),
            OutputTensor(
                name: "scores", shape: [labelled.count, labels.count],
                values: .float32(labelled.flatMap { $0.scores.map { Float($0) } })),
        ]
    }

    private static func answer(
        _ asked: InferRequest, _ tensors: [OutputTensor], _ model: ServedModel
    ) throws(Problem) -> Response {
        var chosen: [(tensor: OutputTensor, binary: [UInt8]?)] = []
        for output in asked.outputs ?? tensors.map({ .init(name: $0.name, isBinary: asked.prefersBinary) }) {
            guard let tensor = tensors.first(where: { $0.name.hasBytes(of: output.name) }) else {
                throw Problem(
                    .malformedBody,
                    "there is no output \(output.name.excerpt); the outputs are \(tensors.map(\.name).joined(separator: ", "))."
                )
            }
            chosen.append((tensor, output.isBinary ? tensor.binary : nil))
        }
        var json = JSONWriter()
        json.object { json in
            json.member("model_name", model.name)
            json.member("model_version", "\(model.generation)")
            if let id = asked.id { json.member("id", id) }
            json.key("outputs")
            json.array(chosen) { $1.tensor.write(to: &$0, binaryCount: $1.binary?.count) }
        }
        let binary = chosen.compactMap(\.binary).joined()
        guard chosen.contains(where: { $0.binary != nil }) else { return Response(content: json.bytes) }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .inferenceHeaderContentLength: "\(json.bytes.count)",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes + binary)))
    }

    private static func flag(_ name: String, _ value: Bool) -> Response {
        Response(status: value ? .ok : .serviceUnavailable) { json in
            json.object { json in
                json.key(name)
                json.bool(value)
            }
        }
    }
}

extension String {
    /// The text with each `%` and two hexadecimal digits replaced by the byte that they encode (RFC 3986, §2.1).
    fileprivate var percentDecoded: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            // `UInt8(_:radix:)` also accepts a sign, which is not a hexadecimal digit.
            if byte == UInt8(ascii: "%"), case let digits = String(decoding: rest.prefix(2), as: UTF8.self),
                digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
