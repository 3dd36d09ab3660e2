import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("HTTP messages")
    struct TransportTests {
        static let body = Array(#"{"abstract": "Falls are common."}"#.utf8)

        @Test("One connection carries requests of every kind, one after another")
        func keepAlive() async throws {
            let statuses = try await suiteServer().connected { client in
                try [
                    [UInt8].predict(#"{"abstract": "A."}"#), .predict("{"), .request("GET /nowhere"),
                    .request("DELETE /predict", body: Self.body),
                    .predict("{}"), .request("GET /health"), .predict(#"{"abstract": "A."}"#),
                ].map { request in
                    try client.send(request)
                    return try client.receive().status
                }
            }
            #expect(statuses == [200, 400, 404, 405, 422, 200, 200])
        }

        @Test("Pipelined requests are answered in order")
        func pipelining() async throws {
            let count = 40
            let answers = try await suiteServer().connected { client in
                for index in 0..<count {
                    try client.send(.predict(#"{"abstracts": [{"id": "\#(index)", "text": "Falls are common."}]}"#))
                }
                return try (0..<count).map { _ in try client.receive() }
            }
            let ids = try answers.map { try $0.document(BatchDocument.self).abstracts.first?.id }
            #expect(ids == (0..<count).map(String.init))
        }

        @Test("`Connection: close` closes the connection after the answer")
        func close() async throws {
            let rest = try await suiteServer().connected { client in
                try client.send(.predict(#"{"abstract": "A."}"#, fields: ["Connection: close"]))
                _ = try client.receive()
                return try client.receiveToEnd()
            }
            #expect(rest.isEmpty)
        }

        struct Row: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let message: String
        }

        static let post = "POST /predict HTTP/1.1\r\nHost: localhost\r\n"

        @Test(
            "A message that is not HTTP is refused, and the connection is closed",
            arguments: [
                Row(testDescription: "no request line", message: "GARBAGE\r\n\r\n"),
                Row(testDescription: "no version", message: "GET /health\r\nHost: localhost\r\n\r\n"),
                Row(testDescription: "a version there is not", message: "GET /health HTTP/9.9\r\n\r\n"),
                Row(testDescription: "a method there is not", message: "FOO /health HTTP/1.1\r\n\r\n"),
                Row(testDescription: "HTTP/2", message: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Row(testDescription: "TLS", message: "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}"),
                Row(testDescription: "a header field without a colon", message: "GET /health HTTP/1.1\r\nHost\r\n\r\n"),
                Row(testDescription: "NUL in a header field", message: "GET /health HTTP/1.1\r\nA: \0\r\n\r\n"),
                Row(
                    testDescription: "a header field of 100,000 bytes",
                    message: "GET /health HTTP/1.1\r\nA: \(String(repeating: "a", count: 100_000))\r\n\r\n"),
                Row(
                    testDescription: "2,000 header fields",
                    message: "GET /health HTTP/1.1\r\n\(String(repeating: "A: a\r\n", count: 2_000))\r\n"),
                Row(
                    testDescription: "a path of 200,000 bytes",
                    message: "GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\n\r\n"),
                Row(
                    testDescription: "two lengths that differ",
                    message: "\(post)Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
                Row(testDescription: "a negative length", message: "\(post)Content-Length: -3\r\n\r\nabc"),
                Row(
                    testDescription: "a length that overflows",
                    message: "\(post)Content-Length: 99999999999999999999999\r\n\r\nabc"),
                Row(
                    testDescription: "a length and chunks",
                    message: "\(post)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Row(
                    testDescription: "a chunk size that is no number",
                    message: "\(post)Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n"),
                Row(
                    testDescription: "a chunk size that is negative",
                    message: "\(post)Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
                Row(
                    testDescription: "a chunk size that overflows",
                    message: "\(post)Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nfffffffffffffffff\r\n"),
                Row(
                    testDescription: "a chunk longer than its size",
                    message: "\(post)Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"),
            ])
        func notHTTP(_ row: Row) async throws {
            let server = try suiteServer()
            let (answer, rest) = try await server.connected { client in
                try client.send(row.message)
                return (try client.receive(), try client.receiveToEnd())
            }
            #expect(answer.status == 400)
            #expect(rest.isEmpty)
            try await server.expectToAnswer()
        }

        @Test("A body whose chunks are malformed is refused with a problem document")
        func badChunks() async throws {
            let answer = try await suiteServer().send(
                .request("POST /predict", fields: ["Transfer-Encoding: chunked"]) + Array("5\r\n{\"abs\r\nZZ\r\n".utf8))
            try answer.expectProblem(400, "the body ended early or does not match its header fields")
        }

        struct OldRow: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let line: String
            let fields: String
            let body: String
            let answer: @Sendable ([UInt8]) throws -> Bool
        }

        @Test(
            "An HTTP/1.0 client gets an answer without chunks that ends with the connection",
            arguments: [
                OldRow(testDescription: "a short answer", line: "GET /health", fields: "", body: "") {
                    String(decoding: $0, as: UTF8.self).contains("\"status\":\"ok\"")
                },
                OldRow(
                    testDescription: "a stream", line: "POST /predict", fields: "Content-Type: application/x-ndjson",
                    body: "\"Falls are common.\"\n\"We counted 3.\"\n"
                ) { $0.count { $0 == UInt8(ascii: "\n") } == 2 },
                OldRow(
                    testDescription: "gzip", line: "GET /openapi.json", fields: "Accept-Encoding: gzip", body: ""
                ) { String(decoding: try $0.gunzipped(), as: UTF8.self).contains("\"openapi\"") },
                OldRow(
                    testDescription: "one that would have more, of an unknown length", line: "POST /predict",
                    fields: "Connection: keep-alive\r\nContent-Type: application/x-ndjson", body: "\"We counted 3.\"\n"
                ) { $0.count { $0 == UInt8(ascii: "\n") } == 1 },
            ])
        func http10(_ row: OldRow) async throws {
            let (head, body) = try await suiteServer().connected { client in
                let fields = row.fields.isEmpty ? "" : row.fields + "\r\n"
                let length = row.body.isEmpty ? "" : "Content-Length: \(row.body.utf8.count)\r\n"
                try client.send("\(row.line) HTTP/1.0\r\n\(fields)\(length)\r\n\(row.body)")
                return (try client.receiveHead(), try client.receiveToEnd())
            }
            #expect(head.status == 200 && head.version == "HTTP/1.0")
            #expect(head[field: "connection"] == "close" && head[field: "transfer-encoding"] == nil)
            #expect(try row.answer(body))
        }

        @Test("An HTTP/1.0 client may keep its connection")
        func http10Persistent() async throws {
            let answers = try await suiteServer().connected { client in
                try (0..<2).map { _ in
                    try client.send("GET /health HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                    return try client.receive()
                }
            }
            for answer in answers {
                #expect(answer.status == 200 && answer.version == "HTTP/1.0")
                #expect(answer[field: "connection"] == "keep-alive")
            }
        }

        @Test("Requests after `Connection: close` are not answered", arguments: ["close", "Close", "x, CLOSE"])
        func beyond(connection: String) async throws {
            let (answer, rest) = try await suiteServer().connected { client in
                let more = [[UInt8]](repeating: .request("GET /health/live"), count: 3).joined()
                try client.send(.request("GET /health", fields: ["Connection: \(connection)"]) + more)
                return (try client.receive(), try client.receiveToEnd())
            }
            #expect(answer.status == 200 && answer[field: "connection"] == "close")
            #expect(rest.isEmpty)
        }

        @Test("A client that sends `Expect: 100-continue` is answered")
        func expectContinue() async throws {
            let answer = try await suiteServer().connected { client in
                try client.send(
                    .request("POST /predict", fields: ["Expect: 100-continue", "Content-Length: \(Self.body.count)"]))
                try client.send(Self.body)
                var answer = try client.receive()
                if answer.status == 100 { answer = try client.receive() }
                return answer
            }
            #expect(answer.status == 200)
        }

        @Test("Many header fields within the limits are accepted")
        func manyFields() async throws {
            let fields = (0..<250).map { "X-Field-\($0): \(String(repeating: "v", count: 100))" }
            #expect(try await suiteServer().send(.predict(#"{"abstract": "A."}"#, fields: fields)).status == 200)
        }

        @Test("The size limit of bodies is exact for every framing", arguments: [0, 1], [false, true])
        func largestBody(beyond: Int, chunked: Bool) async throws {
            let wrapping = #"{"x": "", "abstract": "A."}"#
            let padding = String(repeating: "x", count: (8 << 20) - wrapping.utf8.count + beyond)
            let body = Array(#"{"x": "\#(padding)", "abstract": "A."}"#.utf8)
            let answer = try await suiteServer().send(
                chunked
                    ? .request("POST /predict", fields: ["Transfer-Encoding: chunked"]) + body.chunked(by: 60_000)
                    : .request("POST /predict", body: body))
            if beyond == 0 {
                #expect(answer.status == 200)
            } else {
                try answer.expectProblem(413, "the body is larger than the limit of 8388608 bytes")
            }
        }

        @Test(
            "A body of ten megabytes is refused on connections of both kinds", arguments: ["close", "keep-alive"],
            [false, true])
        func tooLarge(connection: String, chunked: Bool) async throws {
            let body = [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20)
            let (answer, next) = try await suiteServer().connected { client in
                try client.send(
                    chunked
                        ? .request(
                            "POST /predict", fields: ["Connection: \(connection)", "Transfer-Encoding: chunked"])
                            + body.chunked(by: 1 << 20)
                        : .request("POST /predict", fields: ["Connection: \(connection)"], body: body))
                let answer = try client.receive()
                guard connection == "keep-alive" else { return (answer, Optional<HTTPAnswer>.none) }
                try client.send(.request("GET /health/live"))
                return (answer, try client.receive())
            }
            try answer.expectProblem(413, "Split it into several requests, or stream lines")
            #expect(next == nil || next?.status == 200)
        }

        @Test("A Content-Length above the limit is refused before the body is sent")
        func announced() async throws {
            let answer = try await suiteServer().send(
                .request("POST /predict", fields: ["Content-Length: 9000000", "Expect: 100-continue"]))
            try answer.expectProblem(413, "8388608 bytes")
        }

        @Test("A head up to the limit is answered, and a larger one is refused", arguments: [0, 1])
        func head(beyond: Int) async throws {
            let line = "GET /health/live"
            let rest = [UInt8].request(line, fields: ["X: "]).count - 2
            let field = "X: " + String(repeating: "x", count: (32 << 10) - rest + beyond)
            let answer = try await suiteServer().send(.request(line, fields: [field]))
            if beyond == 0 {
                #expect(answer.status == 200)
            } else {
                try answer.expectProblem(431, "have 32769 bytes; the limit is 32768")
            }
        }

        @Test(
            "A request for another protocol is answered, and the connection is closed",
            arguments: [
                (
                    "GET /health/live",
                    ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]
                ),
                ("POST /predict", ["Connection: Upgrade", "Upgrade: websocket"]), ("CONNECT example.org:443", []),
            ])
        func upgrade(line: String, fields: [String]) async throws {
            let (answer, rest) = try await suiteServer().connected { client in
                try client.send(.request(line, fields: fields, body: line.hasPrefix("POST") ? Self.body : nil))
                let answer = try client.receive()
                return (answer, try client.receiveToEnd())
            }
            #expect(answer.status == (line.hasPrefix("CONNECT") ? 404 : 200))
            #expect(answer[field: "connection"] == "close" && rest.isEmpty)
        }

        @Test(
            "A missing, doubled or malformed Host is refused",
            arguments: [
                ("", "the request has 0 fields named host"), ("Host: a\r\nHost: b\r\n", "has 2 fields named host"),
                ("Host: a b/c@d\r\n", "the field host is not valid"),
                ("Host: a\r\nhost: a\r\n", "has 2 fields named host"),
            ])
        func badHost(fields: String, says: String) async throws {
            let answer = try await suiteServer().send(Array("GET /health/live HTTP/1.1\r\n\(fields)\r\n".utf8))
            try answer.expectProblem(400, says)
        }

        @Test(
            "A valid Host is accepted, and HTTP/1.0 needs none",
            arguments: ["1.1\r\nHost: [::1]:8080", "1.1\r\nHost: a-b.example:80", "1.1\r\nHost: ", "1.0"])
        func goodHost(rest: String) async throws {
            let answer = try await suiteServer().send(Array("GET /health/live HTTP/\(rest)\r\n\r\n".utf8))
            #expect(answer.status == 200)
        }

        @Test(
            "A path with two slashes in a row is not found",
            arguments: ["//admin//reload", "/health//live", "//", "http://a.example//health/live", "/health//live/://"])
        func doubledSlash(path: String) async throws {
            try await suiteServer().send(.request("GET \(path)")).expectProblem(404, "two slashes in a row")
        }

        @Test("A target that is not ASCII is refused", arguments: ["caf\u{E9}", "health?model=\u{323}\u{301}"])
        func target(target: String) async throws {
            #expect(try await suiteServer().send(.request("GET /\(target)")).status == 400)
        }

        @Test("A Connection field that is not ASCII is refused, and the connection is closed")
        func connectionField() async throws {
            let answer = try await suiteServer().connected { client in
                try client.send(.request("GET /health", fields: ["Connection: \u{323}\u{301}"]))
                try client.send(.request("GET /health/live"))
                return try client.receive()
            }
            try answer.expectProblem(400, "the field connection")
            #expect(answer[field: "connection"] == "close")
        }

        @Test("A large body to an unknown path does not block its sender")
        func strayBody() async throws {
            let answer = try await suiteServer().send(
                .request(
                    "POST /nowhere", fields: ["Connection: close"], body: [UInt8](repeating: 0x20, count: 20 << 20)))
            try answer.expectProblem(404, "there is no resource at this path")
        }
    }
}
