import FoundationEssentials
import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Golden abstracts")
    struct GoldenServingTests {
        let golden: Golden

        init() throws {
            golden = try Golden(Locations.fixtures.appending(path: "reference/golden.json"))
        }

        @Test("Each abstract alone gives PyTorch's labels and marginals")
        func alone() async throws {
            try #require(golden.abstracts.count == 15)
            for abstract in golden.abstracts {
                let answer = try await suiteServer().send(Self.request(abstract))
                try expect(answer.document(AbstractDocument.self), abstract)
            }
        }

        @Test("All abstracts in one batch give the same labels and marginals")
        func batch() async throws {
            let items = try golden.abstracts.map { #"{"id": "\#($0.id)", "sentences": \#(try json($0.sentences))}"# }
            let answer = try await suiteServer().send(.predict(#"{"abstracts": [\#(items.joined(separator: ","))]}"#))
            let documents = try answer.document(BatchDocument.self).abstracts
            #expect(documents.map(\.id) == golden.abstracts.map(\.id))
            for (document, abstract) in zip(documents, golden.abstracts) { expect(document, abstract) }
        }

        @Test("Sixteen concurrent clients with different orders get the same labels and marginals")
        func concurrent() async throws {
            let server = try suiteServer()
            try await withThrowingTaskGroup(of: [(Golden.Abstract, HTTPAnswer)].self) { clients in
                for client in 0..<16 {
                    var generator = SeededGenerator(seed: UInt64(client))
                    let abstracts = golden.abstracts.shuffled(using: &generator).prefix(3)
                    clients.addTask {
                        try await server.connected { client in
                            try abstracts.map { abstract in
                                try client.send(Self.request(abstract))
                                return (abstract, try client.receive())
                            }
                        }
                    }
                }
                for try await answers in clients {
                    for (abstract, answer) in answers { try expect(answer.document(AbstractDocument.self), abstract) }
                }
            }
        }

        private static func request(_ abstract: Golden.Abstract) throws -> [UInt8] {
            .predict(#"{"sentences": \#(try json(abstract.sentences))}"#)
        }

        private func expect(
            _ document: AbstractDocument, _ abstract: Golden.Abstract, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let sentences = document.sentences ?? []
            #expect(sentences.map(\.label) == abstract.labels, "\(abstract.id)", sourceLocation: sourceLocation)
            #expect(sentences.map(\.text) == abstract.sentences, "\(abstract.id)", sourceLocation: sourceLocation)
            let scores = sentences.map { sentence in golden.labels.map { sentence.scores[$0] ?? .nan } }
            #expect(
                largestDifference(scores, abstract.marginals) < 1e-4, "\(abstract.id)", sourceLocation: sourceLocation)
        }
    }
}
