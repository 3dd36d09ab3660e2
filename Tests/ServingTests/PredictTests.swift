import FoundationEssentials
import Labelling
import Serving
import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Answered requests")
    struct PredictTests {
        static let labels = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]
        static let text = "Falls are common. We randomised 40 adults to exercise. Falls fell by half."
        static let sentences = ["Falls are common.", "We randomised 40 adults to exercise.", "Falls fell by half."]
        static let structured =
            "OBJECTIVE: To test exercise. METHODS: We randomised 40 adults. RESULTS: Falls fell by half (p < 0.05)."

        struct Row: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let request: [UInt8]
        }

        @Test(
            "An abstract gets the same answer in every format",
            arguments: [
                Row(testDescription: "as a text", request: .predict(#"{"abstract": "\#(text)"}"#)),
                Row(
                    testDescription: "with a member nobody knows",
                    request: .predict(#"{"abstract": "\#(text)", "x": [1, -0.5e3, null, true]}"#)),
                Row(testDescription: "with escapes", request: .predict(#"{"abstr\u0061ct": "\#(text)"}"#)),
                Row(
                    testDescription: "with white space", request: .predict("\r\n\t { \"abstract\" :\n\"\(text)\" } \n")),
                Row(
                    testDescription: "after a byte order mark", request: .predict("\u{FEFF}{\"abstract\": \"\(text)\"}")
                ),
                Row(
                    testDescription: "as plain text",
                    request: .request(
                        "POST /predict", fields: ["Content-Type: text/plain; charset=UTF-8"], body: Array(text.utf8))),
                Row(
                    testDescription: "as JSON of another kind",
                    request: .request(
                        "POST /predict", fields: ["Content-Type: application/ld+json"],
                        body: Array(#"{"abstract": "\#(text)"}"#.utf8))),
                Row(
                    testDescription: "without a content type",
                    request: .request("POST /predict", body: Array(#"{"abstract": "\#(text)"}"#.utf8))),
                Row(
                    testDescription: "in chunks",
                    request: .request("POST /predict", fields: ["Transfer-Encoding: chunked"])
                        + Array(#"{"abstract": "\#(text)"}"#.utf8).chunked(by: 7)),
                Row(
                    testDescription: "at a path with a slash at the end",
                    request: .predict(#"{"abstract": "\#(text)"}"#, query: "/")),
                Row(testDescription: "as sentences", request: .predict(#"{"sentences": \#(sentences)}"#)),
            ])
        func shapes(_ row: Row) async throws {
            let answer = try await suiteServer().send(row.request)
            #expect(answer.status == 200)
            #expect(answer[field: "content-type"] == "application/json")
            let document = try answer.document(AbstractDocument.self)
            let sentences = try #require(document.sentences)
            #expect(sentences.map(\.text) == Self.sentences)
            #expect(sentences.map { [$0.start, $0.end] } == [[0, 17], [18, 54], [55, 74]])
            for sentence in sentences {
                #expect(Set(sentence.scores.keys) == Set(Self.labels))
                #expect(abs(sentence.scores.values.reduce(0, +) - 1) < 1e-5)
                #expect(sentence.confidence == sentence.scores[sentence.label])
                #expect(sentence.source == "model" && sentence.heading == nil && sentence.truncated == nil)
            }
            #expect(document.truncated == false)
            #expect(document.model == "rubricator-minilm-l6")
            #expect(document.version == version)
            #expect(document.id == nil && document.error == nil)
        }

        @Test("Members are in the documented order, and labels in the checkpoint's order")
        func order() async throws {
            let text = try await suiteServer().send(.predict(#"{"abstract": "\#(Self.structured)"}"#)).text
            let keys = text.matches(of: /"([a-z_A-Z]+)":/).map { String($0.output.1) }
            let sentence =
                ["text", "start", "end", "label", "confidence", "scores"] + Self.labels + ["source", "heading"]
            #expect(
                keys == ["sentences"] + sentence + sentence + sentence + ["sections"]
                    + (0..<3).flatMap { _ in ["label", "start", "end", "sentences"] } + [
                        "truncated", "model", "version",
                    ])
        }

        @Test("Sections are runs of the same label and cover the whole abstract")
        func sections() async throws {
            let golden = try Golden(Locations.fixtures.appending(path: "reference/golden.json"))
            let abstract = try #require(golden.abstracts.first)
            let document = try await suiteServer().send(.predict(#"{"sentences": \#(json(abstract.sentences))}"#))
                .document(AbstractDocument.self)
            let sentences = try #require(document.sentences)
            let sections = try #require(document.sections)
            #expect(sections.count > 2)
            #expect(sections.flatMap { $0.sentences[0]..<$0.sentences[1] } == Array(sentences.indices))
            for section in sections {
                let own = sentences[section.sentences[0]..<section.sentences[1]]
                #expect(own.allSatisfy { $0.label == section.label })
                #expect(section.start == own.first?.start && section.end == own.last?.end)
            }
            for (section, next) in zip(sections, sections.dropFirst()) { #expect(section.label != next.label) }
        }

        @Test("Answers report abstracts of several windows and truncated sentences")
        func truncated() async throws {
            let long = "We measured " + (0..<200).map { "value \($0)" }.joined(separator: ", ") + "."
            let document = try await suiteServer().send(.predict(#"{"sentences": ["Falls are common.", "\#(long)"]}"#))
                .document(AbstractDocument.self)
            #expect(document.truncated == true)
            #expect(document.sentences?.map(\.truncated) == [nil, true])
        }

        @Test(
            "Headings decide labels unless the request ignores them",
            arguments: [
                Row(testDescription: "by default", request: .predict(#"{"abstract": "\#(structured)"}"#)),
                Row(
                    testDescription: "by member",
                    request: .predict(#"{"headings": "use", "abstract": "\#(structured)"}"#)),
                Row(
                    testDescription: "by query",
                    request: .predict(#"{"abstract": "\#(structured)"}"#, query: "?headings=use")),
                Row(
                    testDescription: "by member against the query",
                    request: .predict(#"{"abstract": "\#(structured)", "headings": "use"}"#, query: "?headings=ignore")),
                Row(
                    testDescription: "in a batch",
                    request: .predict(#"{"abstracts": ["\#(structured)"], "headings": "use"}"#)),
            ])
        func headingsUsed(_ row: Row) async throws {
            let sentences = try await Self.sentences(of: row)
            #expect(sentences.map(\.label) == ["OBJECTIVE", "METHODS", "RESULTS"])
            #expect(sentences.map(\.source) == ["heading", "heading", "heading"])
            #expect(sentences.map(\.confidence) == [1, 1, 1])
            for (sentence, heading) in zip(sentences, ["OBJECTIVE", "METHODS", "RESULTS"]) {
                #expect(sentence.heading?.hasPrefix(heading) == true)
            }
        }

        @Test(
            "If headings are ignored, the model decides every label",
            arguments: [
                Row(
                    testDescription: "by member",
                    request: .predict(#"{"headings": "ignore", "abstract": "\#(structured)"}"#)),
                Row(
                    testDescription: "by query",
                    request: .predict(#"{"abstract": "\#(structured)"}"#, query: "?headings=ignore")),
                Row(
                    testDescription: "by query for plain text",
                    request: .request(
                        "POST /predict?headings=ignore", fields: ["Content-Type: text/plain"],
                        body: Array(structured.utf8))),
                Row(
                    testDescription: "in a batch",
                    request: .predict(#"{"abstracts": ["\#(structured)"], "headings": "ignore"}"#)),
            ])
        func headingsIgnored(_ row: Row) async throws {
            let sentences = try await Self.sentences(of: row)
            #expect(sentences.map(\.source) == ["model", "model", "model"])
            #expect(sentences.allSatisfy { $0.confidence < 1 })
        }

        private static func sentences(of row: Row) async throws -> [AbstractDocument.Sentence] {
            let answer = try await suiteServer().send(row.request)
            #expect(answer.status == 200)
            if let batch = try? answer.document(BatchDocument.self) {
                return try #require(batch.abstracts.first?.sentences)
            }
            return try #require(try answer.document(AbstractDocument.self).sentences)
        }

        @Test("A batch is answered in order with the ids of its items")
        func batch() async throws {
            let items =
                #"["\#(Self.text)", {"id": "b", "text": "\#(Self.text)"}, {"id": "a", "sentences": \#(Self.sentences)}, {"id": null, "text": "One."}]"#
            let answer = try await suiteServer().send(.predict(#"{"abstracts": \#(items)}"#))
            #expect(answer.status == 200)
            let document = try answer.document(BatchDocument.self)
            #expect(document.abstracts.map(\.id) == [nil, "b", "a", nil])
            #expect(document.abstracts.map { $0.sentences?.count } == [3, 3, 3, 1])
            #expect(document.abstracts.allSatisfy { $0.error == nil && $0.model == nil })
            #expect(document.model == "rubricator-minilm-l6" && document.version == version)
        }

        @Test("An invalid item of a batch does not fail the others")
        func badItems() async throws {
            let rows: [(item: String, error: String?)] = [
                (#""Falls are common.""#, nil), (#"{"id": "empty", "text": ""}"#, "abstracts[1].text is empty"),
                (#"{"id": "number", "text": 5}"#, "abstracts[2].text is a number; expected a string"),
                (#"{"id": "none"}"#, #"abstracts[3] has neither "text" nor "sentences""#),
                (
                    #"{"id": "both", "text": "A.", "sentences": ["A."]}"#,
                    #"abstracts[4] has both "text" and "sentences""#
                ),
                ("17", "abstracts[5] is a number; expected a string or an object"), ("null", "abstracts[6] is null"),
                (#"{"id": 8, "text": "A."}"#, "abstracts[7].id is a number; expected a string"),
                (#"{"sentences": []}"#, "abstracts[8].sentences is empty"),
                (#"{"sentences": ["A.", " \u2003"]}"#, "abstracts[9].sentences[1] contains only white space"),
                (#"{"sentences": "A."}"#, "abstracts[10].sentences is a string; expected an array"),
                (#"{"id": "good", "sentences": ["Falls are common."]}"#, nil),
            ]
            let answer = try await suiteServer().send(
                .predict(#"{"abstracts": [\#(rows.map(\.item).joined(separator: ", "))]}"#))
            #expect(answer.status == 200)
            let items = try answer.document(BatchDocument.self).abstracts
            try #require(items.count == rows.count)
            #expect(items.map(\.id) == [nil, "empty", "number", "none", "both", nil, nil, nil, nil, nil, nil, "good"])
            for (item, row) in zip(items, rows) {
                if let words = row.error {
                    let error = try #require(item.error)
                    #expect(
                        error.status == 422 && error.code == "invalid_request"
                            && error.type == "urn:rubricator:problem:invalid_request")
                    #expect(error.detail.contains(words), "\(error.detail)")
                    #expect(item.sentences == nil)
                } else {
                    #expect(item.error == nil && item.sentences?.map(\.text) == ["Falls are common."])
                }
            }
            #expect(items.first?.sentences == items.last?.sentences)
        }
    }
}
