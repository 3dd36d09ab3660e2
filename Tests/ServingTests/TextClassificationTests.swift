import FoundationEssentials
import TestSupport
import Testing

@Suite("Text-classification checkpoints")
struct TextClassificationTests {
    @Test(
        "Texts get the same probabilities and labels as in transformers",
        arguments: ["multilabel", "uncased-single-f32"])
    func golden(name: String) async throws {
        let golden = try ClassifierGolden(directory: Locations.fixtures.appending(path: "checkpoints/\(name)"))
        let texts = golden.examples.map(\.text)
        #expect(texts.contains(""), "an empty text is a text")
        try await RunningServer.with(.tiny(name)) { server in
            let answer = try await server.send(.predict(#"{"texts": \#(try json(texts))}"#))
            #expect(answer.status == 200, "\(answer.text)")
            let documents = try answer.document([TextDocument].self)
            #expect(documents.map(\.input) == texts)
            #expect(documents.map(\.labelsShort) == golden.examples.map(\.predicted))
            #expect(documents.map { $0.truncated ?? false } == golden.examples.map(\.truncated))
            let probabilities = documents.map { document in golden.labels.map { document.proba[$0] ?? .nan } }
            #expect(largestDifference(probabilities, golden.examples.map(\.probabilities)) < 1e-5)
            let keys = answer.text.prefix { $0 != "]" }.matches(of: /"([a-z_A-Z]+)":/).map { String($0.output.1) }
            #expect(keys == ["input", "proba"] + golden.labels + ["labels_short"])
        }
    }

    @Test("An invalid text does not fail the others")
    func badText() async throws {
        try await RunningServer.with(.tiny("multilabel")) { server in
            func ask(_ texts: String) async throws -> [TextOrError] {
                let answer = try await server.send(.predict(#"{"texts": \#(texts)}"#))
                #expect(answer.status == 200, "\(answer.text)")
                return try answer.document([TextOrError].self)
            }
            let good = try await ask(#"["Falls.", "Owls."]"#)
            let mixed = try await ask(#"[null, "Falls.", 7, "Owls.", []]"#)
            #expect(mixed.map(\.input) == [nil, "Falls.", nil, "Owls.", nil])
            #expect(mixed.compactMap(\.proba) == good.compactMap(\.proba))
            #expect(mixed.compactMap(\.error?.status) == [422, 422, 422])
            #expect(mixed[2].error?.detail.hasPrefix("texts[2] is a number; expected a string") == true)
        }
    }

    private struct TextOrError: Decodable {
        let input: String?
        let proba: [String: Double]?
        let error: ProblemDocument?
    }

    @Test("A multi-label checkpoint refuses abstracts and says what it accepts")
    func abstractsTurnedAway() async throws {
        try await RunningServer.with(.tiny("multilabel")) { server in
            for body in [#"{"abstract": "Falls are common."}"#, #"{"sentences": ["Falls are common."]}"#] {
                try await server.send(.predict(body)).expectProblem(422, #"send {"texts": […]}"#)
            }
            let batch = try await server.send(.predict(#"{"abstracts": ["Falls are common."]}"#))
            #expect(batch.status == 200)
            let error = try #require(try batch.document(BatchDocument.self).abstracts.first?.error)
            #expect(error.status == 422 && error.detail.contains(#"send {"texts": […]}"#))
        }
    }

    @Test("A single-label classifier also labels the sentences of abstracts")
    func sentences() async throws {
        try await RunningServer.with(.tiny("uncased-single-f32")) { server in
            let answer = try await server.send(.predict(#"{"abstract": "We aimed to compare insulin. It was safe."}"#))
            let sentences = try #require(try answer.document(AbstractDocument.self).sentences)
            #expect(sentences.map(\.text) == ["We aimed to compare insulin.", "It was safe."])
            #expect(sentences.allSatisfy { abs($0.scores.values.reduce(0, +) - 1) < 1e-5 })
        }
    }
}

extension ShippedCheckpoint {
    @Test("A sentence labeller refuses texts and says what it accepts")
    static func textsTurnedAway() async throws {
        for texts in [#"["Falls are common."]"#, "[null]", #"[null, "Falls are common."]"#] {
            let answer = try await suiteServer().send(.predict(#"{"texts": \#(texts)}"#))
            try answer.expectProblem(422, #"send {"abstract": "…"}, {"sentences": […]} or {"abstracts": […]}"#)
        }
    }
}
