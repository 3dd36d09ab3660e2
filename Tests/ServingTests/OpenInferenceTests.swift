import FoundationEssentials
import Serving
import TestSupport
import Testing

@Suite("The Open Inference Protocol")
struct OpenInferenceTests {
    struct Tensor: Decodable {
        enum Element: Decodable, Equatable {
            case text(String)
            case number(Double)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .number(try container.decode(Double.self))
                }
            }

            var text: String? { if case .text(let text) = self { text } else { nil } }
            var number: Double? { if case .number(let number) = self { number } else { nil } }
        }

        let name: String
        let datatype: String
        let shape: [Int]
        let data: [Element]?
        let parameters: [String: Int]?
    }

    struct Answer: Decodable {
        let modelName: String
        let modelVersion: String
        let id: String?
        let outputs: [Tensor]

        subscript(name: String) -> Tensor? { outputs.first { $0.name == name } }

        enum CodingKeys: String, CodingKey {
            case id, outputs
            case modelName = "model_name"
            case modelVersion = "model_version"
        }
    }

    struct Failure: Decodable {
        let error: String
    }

    private static let abstracts = ["Falls are common. We randomised 40 adults.", "Prüfung: 3 of 5 fell."]

    private static func infer(_ json: String, path: String = "/v2/models/m", fields: [String] = []) -> [UInt8] {
        .request(
            "POST \(path)/infer", fields: ["Content-Type: application/json"] + fields, body: Array(json.utf8))
    }

    private func withServer(_ checkpoint: String, _ body: (RunningServer) async throws -> Void) async throws {
        var settings = Settings.tiny(checkpoint)
        settings.models = [.tiny(checkpoint, name: "m")]
        try await RunningServer.with(settings, body)
    }

    /// What `/predict` says of the same.
    private func predicted(_ server: RunningServer) async throws -> [[AbstractDocument.Sentence]] {
        let answer = try await server.send(.predict(#"{"abstracts": \#(try json(Self.abstracts))}"#))
        return try answer.document(BatchDocument.self).abstracts.map { try #require($0.sentences) }
    }

    @Test(
        "A tensor of abstracts of any shape gets the labels of /predict",
        arguments: ["[2]", "[2,1]", "[1,2,1]"])
    func sentences(shape: String) async throws {
        try await withServer("sequence-labeller-f32") { server in
            let data = shape == "[2,1]" ? try json(Self.abstracts.map { [$0] }) : try json(Self.abstracts)
            let inputs = #"[{"name": "abstracts", "datatype": "BYTES", "shape": \#(shape), "data": \#(data)}]"#
            for path in ["/v2/models/m", "/v2/models/m/versions/1"] {
                let answer = try await server.send(Self.infer(#"{"id": "a b", "inputs": \#(inputs)}"#, path: path))
                #expect(answer.status == 200)
                let document = try answer.document(Answer.self)
                #expect(document.modelName == "m" && document.modelVersion == "1" && document.id == "a b")
                let expected = try await predicted(server)
                let all = expected.enumerated().flatMap { index, sentences in sentences.map { (index, $0) } }
                #expect(document.outputs.map(\.name) == ["answers", "labels", "scores", "sentences"])
                #expect(document["labels"]?.data?.map(\.text) == all.map(\.1.label))
                #expect(document["labels"]?.shape == [all.count] && document["scores"]?.shape == [all.count, 5])
                #expect(
                    document["sentences"]?.data?.map(\.number)
                        == all.flatMap { [Double($0), Double($1.start), Double($1.end)] })
                let scores = try #require(document["scores"]?.data)
                for (row, (_, sentence)) in all.enumerated() {
                    let own = scores[5 * row..<5 * row + 5].compactMap(\.number)
                    for score in own { #expect(sentence.scores.values.contains { abs($0 - score) < 1e-6 }) }
                    #expect(abs(own.reduce(0, +) - 1) < 1e-5)
                }
                let answers = try (document["answers"]?.data ?? []).compactMap(\.text).map {
                    try HTTPAnswer.document(AbstractDocument.self, of: Array($0.utf8))
                }
                #expect(answers.map(\.sentences) == expected)
            }
        }
    }

    @Test("Inputs and outputs may be binary tensor data")
    func binary() async throws {
        try await withServer("sequence-labeller-f32") { server in
            let data = Self.abstracts.flatMap { text in
                (0..<4).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) } + Array(text.utf8)
            }
            let head = Array(
                #"{"inputs": [{"name": "abstracts", "datatype": "BYTES", "shape": [2], "parameters": {"binary_data_size": \#(data.count)}}], "outputs": [{"name": "labels", "parameters": {"binary_data": true}}, {"name": "scores", "parameters": {"binary_data": true}}, {"name": "sentences"}]}"#
                    .utf8)
            let answer = try await server.send(
                .request(
                    "POST /v2/models/m/infer", fields: ["Inference-Header-Content-Length: \(head.count)"],
                    body: head + data))
            #expect(answer.status == 200 && answer[field: "content-type"] == "application/octet-stream")
            let count = try #require(answer[field: "inference-header-content-length"].flatMap { Int($0) })
            let document = try HTTPAnswer.document(Answer.self, of: Array(answer.body[..<count]))
            var rest = answer.body[count...]
            func take(_ count: Int) -> [UInt8] {
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
            func integer() -> Int { take(4).reversed().reduce(0) { $0 << 8 | Int($1) } }
            let expected = try await predicted(server).flatMap(\.self)
            #expect(document["labels"]?.data == nil && document["sentences"]?.data?.count == 3 * expected.count)
            let size = try #require(document["labels"]?.parameters?["binary_data_size"])
            #expect(size == expected.reduce(0) { $0 + 4 + $1.label.utf8.count })
            for sentence in expected { #expect(String(decoding: take(integer()), as: UTF8.self) == sentence.label) }
            for sentence in expected {
                let scores = (0..<5).map { _ in Double(Float(bitPattern: UInt32(integer()))) }
                #expect(abs((scores.max() ?? 0) - sentence.confidence) < 1e-6 || sentence.source == "heading")
            }
            #expect(rest.isEmpty)
        }
    }

    @Test("A text-classification checkpoint labels a tensor of texts")
    func texts() async throws {
        try await withServer("multilabel") { server in
            let inputs = #"[{"name": "texts", "datatype": "BYTES", "shape": [2], "data": ["Falls.", "Owls."]}]"#
            let document = try await server.send(Self.infer(#"{"inputs": \#(inputs)}"#)).document(Answer.self)
            let proba = try await server.send(.predict(#"{"texts": ["Falls.", "Owls."]}"#)).document(
                [TextDocument].self)
            #expect(document.outputs.map(\.name) == ["answers", "scores"])
            let labels = proba[0].proba.count
            #expect(document["scores"]?.shape == [2, labels])
            #expect(document["scores"]?.data?.compactMap(\.number).count == 2 * labels)
            let first = try #require(document["answers"]?.data?.first?.text)
            #expect(try HTTPAnswer.document(TextDocument.self, of: Array(first.utf8)).proba == proba[0].proba)
        }
    }

    struct Metadata: Decodable {
        let name: String
        let versions: [String]
        let inputs: [Tensor]
        let outputs: [Tensor]
    }

    @Test("Server, health and model metadata are answered")
    func metadata() async throws {
        try await withServer("sequence-labeller-f32") { server in
            #expect(try await server.send(.request("GET /v2")).text.contains(#""extensions":["binary_tensor_data"]"#))
            #expect(try await server.send(.request("GET /v2/health/live")).text == #"{"live":true}"#)
            #expect(try await server.send(.request("GET /v2/health/ready")).text == #"{"ready":true}"#)
            for path in ["/v2/models/m", "/v2/models/m/versions/1"] {
                let metadata = try await server.send(.request("GET \(path)")).document(Metadata.self)
                #expect(metadata.name == "m" && metadata.versions == ["1"])
                #expect(metadata.inputs.map(\.name) == ["abstracts"] && metadata.inputs.map(\.datatype) == ["BYTES"])
                #expect(metadata.outputs.map(\.name) == ["answers", "labels", "scores", "sentences"])
                #expect(try await server.send(.request("GET \(path)/ready")).text == #"{"name":"m","ready":true}"#)
            }
            for path in [
                "/v2/models/x", "/v2/models/m/versions/2", "/v2/models/x/ready", "/v2/models/m/versions/2/ready",
            ] {
                let answer = try await server.send(.request("GET \(path)"))
                #expect(answer.status == 404)
                #expect(try answer.document(Failure.self).error.hasPrefix("there is no "))
            }
        }
    }

    @Test(
        "A model may have any name if the path encodes it",
        arguments: zip(["my model/ä", "100%+4"], ["my%20model%2F%c3%a4", "100%+4"]))
    func names(name: String, path: String) async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.models = [.tiny("sequence-labeller-f32", name: name)]
        try await RunningServer.with(settings) { server in
            let answer = try await server.send(.request("GET /v2/models/\(path)/ready"))
            #expect(answer.status == 200 && answer.text.contains(name))
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let body: String
        let says: String
        var fields: [String] = []

        var testDescription: String { says }
    }

    private static let good = #""name": "abstracts", "datatype": "BYTES", "shape": [1]"#

    @Test(
        "An invalid request is refused with the member at fault, in the protocol's error format",
        arguments: [
            Row(body: "", says: "the request is not valid JSON"), Row(body: "[]", says: "the request is an array"),
            Row(body: "{}", says: "inputs is missing or is not an array of exactly one tensor"),
            Row(body: #"{"inputs": [{}, {}]}"#, says: "is not an array of exactly one tensor"),
            Row(body: #"{"inputs": [{}]}"#, says: "inputs[0].name is missing"),
            Row(
                body: #"{"inputs": [{"name": "a", "datatype": "FP32"}]}"#,
                says: "datatype is \"FP32\"; expected \"BYTES\""),
            Row(body: #"{"inputs": [{"name": "a", "datatype": "BYTES"}]}"#, says: "inputs[0].shape is missing"),
            Row(
                body: #"{"inputs": [{"name": "a", "datatype": "BYTES", "shape": [1.5], "data": []}]}"#,
                says: "inputs[0].shape: expected a whole number"),
            Row(
                body: #"{"inputs": [{"name": "a", "datatype": "BYTES", "shape": [1000000000000], "data": []}]}"#,
                says: "inputs[0].shape announces too few or too many elements; expected 1 to 1000"),
            Row(
                body: #"{"inputs": [{"name": "a", "datatype": "BYTES", "shape": [999, 999], "data": []}]}"#,
                says: "inputs[0].shape announces too few or too many elements; expected 1 to 1000"),
            Row(
                body: #"{"inputs": [{"name": "a", "datatype": "BYTES", "shape": [-1], "data": []}]}"#,
                says: "inputs[0].shape announces too few or too many elements; expected 1 to 1000"),
            Row(body: "{\"inputs\": [{\(good), \"data\": [7]}]}", says: "inputs[0].data holds a number"),
            Row(body: "{\"inputs\": [{\(good)}]}", says: "inputs[0].data holds nothing"),
            Row(
                body: "{\"inputs\": [{\(good), \"data\": [\"a\", \"b\"]}]}",
                says: "inputs[0] has 2 elements, but inputs[0].shape announces 1"),
            Row(
                body: #"{"inputs": [{"name": "other", "datatype": "BYTES", "shape": [1], "data": ["a"]}]}"#,
                says: "inputs[0].name is \"other\"; expected \"abstracts\" or \"texts\""),
            Row(
                body: "{\"inputs\": [{\(good), \"data\": [\"a\"]}], \"outputs\": [{\"name\": \"other\"}]}",
                says: "there is no output \"other\"; the outputs are answers, labels, scores, sentences"),
            Row(
                body:
                    "{\"inputs\": [{\(good), \"data\": [\"a\"]}], \"outputs\": [{\"name\": \"labels\"}, {\"name\": \"labels\"}]}",
                says: "outputs[1].name is \"labels\", which is requested twice"),
            Row(
                body: "{\"inputs\": [{\(good), \"data\": [\"a\"]}], \"outputs\": 3}", says: "outputs is a number"),
            Row(
                body: "{\"inputs\": [{\(good), \"data\": [\"a\"]}], \"parameters\": {\"headings\": \"no\"}}",
                says: "parameters.headings is \"no\""),
            Row(
                body: "{\"inputs\": [{\(good), \"parameters\": {\"binary_data_size\": 4}}]}",
                says: "binary_data_size is 4, but 0 bytes follow the JSON"),
            Row(
                body: "{}", says: "inference-header-content-length is 9, but the body has 2",
                fields: ["Inference-Header-Content-Length: 9"]),
            Row(
                body: "{}", says: "inference-header-content-length is -1",
                fields: ["Inference-Header-Content-Length: -1"]),
            Row(
                body: "{}", says: "inference-header-content-length is \"x\"",
                fields: ["Inference-Header-Content-Length: x"]),
        ])
    func refused(_ row: Row) async throws {
        try await withServer("sequence-labeller-f32") { server in
            let answer = try await server.send(Self.infer(row.body, fields: row.fields))
            #expect(answer.status == 400)
            let error = try answer.document(Failure.self).error
            #expect(error.contains(row.says), "\(error)")
        }
    }

    @Test(
        "Binary elements that are too long or not UTF-8 are refused",
        arguments: [[9, 0, 0, 0, 65], [1, 0, 0, 0, 0xFF], [1, 0]])
    func refusedBinary(data: [UInt8]) async throws {
        try await withServer("sequence-labeller-f32") { server in
            let head = Array(
                "{\"inputs\": [{\(Self.good), \"parameters\": {\"binary_data_size\": \(data.count)}}]}".utf8)
            let answer = try await server.send(
                .request(
                    "POST /v2/models/m/infer", fields: ["Inference-Header-Content-Length: \(head.count)"],
                    body: head + data))
            #expect(answer.status == 400)
            #expect(try answer.document(Failure.self).error.hasPrefix("inputs[0]: element 0 is "))
        }
    }
}
