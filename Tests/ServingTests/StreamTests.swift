import Serving
import Synchronization
import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("NDJSON streams of abstracts")
    struct StreamTests {
        private static let fields = ["Content-Type: application/x-ndjson"]

        private static func lines(_ answer: HTTPAnswer) throws -> [AbstractDocument] {
            #expect(answer.status == 200 && answer[field: "content-type"] == "application/x-ndjson")
            return try answer.body.split(separator: UInt8(ascii: "\n")).map { line in
                try HTTPAnswer.document(AbstractDocument.self, of: Array(line))
            }
        }

        private static func request(_ lines: String, query: String = "", fields: [String] = []) -> [UInt8] {
            .request("POST /predict\(query)", fields: Self.fields + fields, body: Array(lines.utf8))
        }

        @Test("Lines are answered in order, each as it would be alone, and an invalid line does not fail the others")
        func order() async throws {
            let server = try suiteServer()
            let lines = (0..<70).map { index in
                switch index % 7 {
                case 3: "{\"id\": \"\(index)\"}"
                case 5: "{not JSON"
                case 6: "\"Falls are common. We randomised \(index) adults. They fell.\""
                default:
                    "{\"id\": \"\(index)\", \"sentences\": [\(repeatElement("\"We did it.\"", count: 1 + (70 - index) / 4).joined(separator: ","))]}"
                }
            }
            let answer = try await server.send(Self.request(lines.joined(separator: "\n\n") + "\r\n"))
            let documents = try Self.lines(answer)
            #expect(documents.count == lines.count)
            for (index, document) in documents.enumerated() {
                switch index % 7 {
                case 3: #expect(document.id == "\(index)" && document.error?.status == 422)
                case 5:
                    #expect(document.id == nil && document.error?.status == 400)
                    #expect(document.error?.detail.hasPrefix("the line is not valid JSON: column 2") == true)
                case 6: #expect(document.id == nil && document.sentences?.count == 3)
                default:
                    #expect(document.id == "\(index)" && document.sentences?.count == 1 + (70 - index) / 4)
                }
            }
        }

        @Test("A line is answered when it is ready, before the request has ended")
        func dialogue() async throws {
            let answers = try await suiteServer().connected { client in
                try client.send(
                    Array(
                        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .utf8))
                var answers: [String] = []
                for index in 0..<5 {
                    let line = Array("{\"id\":\"\(index)\",\"text\":\"Falls are common.\"}\n".utf8)
                    try client.send(Array("\(String(line.count, radix: 16))\r\n".utf8) + line + [13, 10])
                    if index == 0 { _ = try client.receiveHead() }
                    answers.append(String(decoding: try #require(try client.receiveChunk()), as: UTF8.self))
                }
                try client.send("0\r\n\r\n")
                #expect(try client.receiveChunk() == nil)
                return answers
            }
            for (index, answer) in answers.enumerated() {
                #expect(answer.hasPrefix("{\"id\":\"\(index)\",\"sentences\":["))
            }
        }

        @Test("The service stops reading from a client that does not read its answers")
        func backpressure() async throws {
            let line = Array(
                "{\"text\": \"\(repeatElement("Falls are common.", count: 60).joined(separator: " "))\"}\n".utf8)
            let sent = try await suiteServer().connected(timeout: 2) { client in
                try client.send(
                    Array(
                        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .utf8))
                let chunk =
                    Array("\(String(100 * line.count, radix: 16))\r\n".utf8) + repeatElement(line, count: 100).joined()
                    + [13, 10]
                var sent = 0
                // 100 MB would be gigabytes of answers.
                while sent < 100 << 20, (try? client.send(chunk)) != nil { sent += chunk.count }
                return sent
            }
            #expect(sent < 40 << 20)
            try await suiteServer().expectToAnswer()
        }

        @Test("Request and answer may both be compressed with gzip")
        func compressed() async throws {
            let lines = (0..<40).map { "{\"id\": \"\($0)\", \"text\": \"Falls are common. We counted \($0).\"}\n" }
                .joined()
            let plain = try await suiteServer().send(Self.request(lines))
            let answer = try await suiteServer().send(
                .request(
                    "POST /predict",
                    fields: Self.fields + ["Content-Encoding: gzip", "Accept-Encoding: gzip"],
                    body: Array(lines.utf8).gzipped()))
            #expect(answer[field: "content-encoding"] == "gzip")
            #expect(answer.body.count < plain.body.count / 2)
            let unzipped = try answer.body.gunzipped().split(separator: UInt8(ascii: "\n")).map {
                try HTTPAnswer.document(AbstractDocument.self, of: Array($0))
            }
            #expect(unzipped.map(\.id) == (0..<40).map { "\($0)" })
            #expect(
                unzipped.map { $0.sentences?.map(\.label) }
                    == (try Self.lines(plain).map { $0.sentences?.map(\.label) }))
        }

        @Test("An error of the stream itself is reported before the stream begins, or in its last line")
        func faults() async throws {
            let server = try suiteServer()
            let line = "{\"id\": \"a\", \"text\": \"Falls are common.\"}\n"
            let cut = try await server.send(
                .request(
                    "POST /predict", fields: Self.fields + ["Content-Encoding: gzip"],
                    body: Array(Array(line.utf8).gzipped().dropLast(4))))
            let documents = try Self.lines(cut)
            #expect(documents.count == 2 && documents[0].id == "a" && documents[0].error == nil)
            #expect(
                documents[1].error?.status == 400
                    && documents[1].error?.detail.contains("gzip data ends too early") == true)
            try await server.send(Self.request(line, query: "?headings=yes")).expectProblem(422, "headings is \"yes\"")
            try await server.send(Self.request(line, query: "?model=no")).expectProblem(404, "there is no model \"no\"")
            try await server.send(Self.request(line, fields: ["Content-Encoding: br"]))
                .expectProblem(415, "content-encoding is \"br\"")
            try await server.send(Self.request(line, fields: ["X-Request-Timeout: no"]))
                .expectProblem(422, "x-request-timeout is \"no\"")
            #expect(try Self.lines(try await server.send(Self.request(""))).isEmpty)
        }
    }
}

@Suite("Long streams")
struct LongStreamTests {
    @Test("A stream that the service is too busy to read does not count as idle")
    func busy() async throws {
        var settings = Settings.shipped
        settings.workers = 1
        settings.idleTimeout = 1
        try await RunningServer.with(settings) { server in
            let text = repeatElement("Falls are common in adults older than 65 years.", count: 40).joined(
                separator: " ")
            let line = "{\"text\": \"\(text)\"}\n"
            // Several times what is read ahead: about 35 lines at once, which are seconds of work for the fastest of
            // cores.
            let count = 150
            let body = Array(repeatElement(line, count: count).joined().utf8)
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await server.connected(timeout: 60) { client in
                let request = [UInt8].request(
                    "POST /predict", fields: ["Content-Type: application/x-ndjson"], body: body)
                try client.send(request)
                return try client.receive()
            }
            #expect(answer.status == 200)
            #expect(answer.body.count { $0 == UInt8(ascii: "\n") } == count)
            #expect(clock.now - start > .seconds(3), "the work was too short to tell")
        }
    }

    @Test("The connection of a client that does not read its answers is closed")
    func unread() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.idleTimeout = 1
        try await RunningServer.with(settings) { server in
            let sentences = repeatElement("\"Falls are common.\"", count: 19_000).joined(separator: ",")
            let request = [UInt8].predict("{\"sentences\": [\(sentences)]}")
            let isLetGo = Atomic(false)
            // The answers are more than the system keeps for a reader that does not come.
            async let waited = server.connected { client in
                for _ in 0..<4 { try client.send(request) }
                for tenth in 0..<600 {
                    if isLetGo.load(ordering: .relaxed) { return tenth }
                    client.pause(milliseconds: 100)
                }
                return 600
            }
            try await server.eventually {
                // One is the scrape's own.
                let text = try await server.send(.request("GET /metrics")).text
                let answered = text.split(separator: "\n").contains {
                    $0.hasPrefix(#"rubricator_requests_total{route="/predict",method="POST",status="200"}"#)
                        && !$0.hasSuffix(" 0")
                }
                return answered && text.contains("rubricator_connections 1\n")
            }
            isLetGo.store(true, ordering: .relaxed)
            #expect(try await waited < 600)
            try await server.expectToAnswer()
        }
    }
}

@Suite("Long lines")
struct LongLineTests {
    @Test("A line above the size limit ends the stream, with or without a line feed")
    func tooLong() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.requestLimits.bodyBytes = 1_000
        try await RunningServer.with(settings) { server in
            let good = "\"Falls are common.\"\n"
            for end in ["\n", ""] {
                let long = "\"\(String(repeating: "a ", count: 5_000))\"\(end)"
                let answer = try await server.send(
                    .request(
                        "POST /predict", fields: ["Content-Type: application/x-ndjson"],
                        body: Array((good + long + good).utf8)))
                let lines = answer.body.split(separator: UInt8(ascii: "\n"))
                #expect(lines.count == 2)
                let last = try HTTPAnswer.document(AbstractDocument.self, of: Array(try #require(lines.last)))
                #expect(last.error?.status == 413)
            }
            try await server.expectToAnswer()
        }
    }
}
