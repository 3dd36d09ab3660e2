import Compression
import Serving
import TestSupport
import Testing

@Suite("Compressed bodies")
struct CompressedBodyTests {
    private static let body = Array(#"{"abstract": "Falls are common. We randomised 40 adults."}"#.utf8)

    private func request(_ body: [UInt8], coding: String = "gzip", fields: [String] = []) -> [UInt8] {
        .request(
            "POST /predict",
            fields: ["Content-Type: application/json", "Content-Encoding: \(coding)"] + fields, body: body)
    }

    private func withServer(_ body: (RunningServer) async throws -> Void) async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.requestLimits.bodyBytes = 100_000
        try await RunningServer.with(settings, body)
    }

    @Test("A compressed body is answered like the same body without compression")
    func same() async throws {
        try await withServer { server in
            let plain = try await server.send(
                .request("POST /predict", fields: ["Content-Type: application/json"], body: Self.body))
            #expect(plain.status == 200)
            for coding in ["gzip", "x-gzip", "GZIP"] {
                #expect(try await server.send(request(Self.body.gzipped(), coding: coding)) == plain)
            }
            #expect(try await server.send(request(Self.body, coding: "identity")) == plain)
            let chunked = try await server.connected { client in
                try client.send(
                    Array(
                        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .utf8)
                        + Self.body.gzipped().chunked(by: 1))
                return try client.receive()
            }
            #expect(chunked == plain)
        }
    }

    @Test("A small body that decompresses to more than the limit is refused")
    func bomb() async throws {
        try await withServer { server in
            let bomb = [UInt8](repeating: 0x20, count: 50 << 20).gzipped()
            #expect(bomb.count < 100_000)
            try await server.send(request(bomb)).expectProblem(413, "the body is larger than the limit of 100000 bytes")
            try await server.expectToAnswer()
        }
    }

    @Test("Invalid gzip data and other content codings are refused")
    func refused() async throws {
        try await withServer { server in
            let gzip = Self.body.gzipped()
            try await server.send(request(Self.body)).expectProblem(400, "the body's gzip data is damaged near byte")
            try await server.send(request(Array(gzip.dropLast(1)))).expectProblem(
                400, "the body's gzip data ends too early")
            try await server.send(request(gzip + [9, 9]))
                .expectProblem(400, "there is other data after the body's gzip data, from byte \(gzip.count) on")
            let answer = try await server.send(request(gzip, coding: "br"))
            try answer.expectProblem(415, "content-encoding is \"br\"; expected gzip or no content-encoding")
            #expect(answer[field: "accept-encoding"] == "gzip, identity")
        }
    }

    @Test(
        "Large answers are compressed for clients that accept gzip",
        arguments: [
            ("gzip", true), ("deflate, GZIP;q=0.5", true), ("*", true), ("gzip;q=0", false), ("br", false), ("", false),
            ("*;q=1, gzip;q=0", false),
        ])
    func answers(accepted: String, compresses: Bool) async throws {
        try await withServer { server in
            let sentences = repeatElement("\"Falls are common.\"", count: 40).joined(separator: ",")
            let predict = [UInt8].predict("{\"sentences\": [\(sentences)]}")
            let plain = try await server.send(predict)
            let answer = try await server.send(
                .predict("{\"sentences\": [\(sentences)]}", fields: ["Accept-Encoding: \(accepted)"]))
            #expect(plain[field: "vary"] == "accept-encoding" && answer[field: "vary"] == "accept-encoding")
            #expect(answer[field: "content-encoding"] == (compresses ? "gzip" : nil))
            if compresses {
                #expect(try answer.body.gunzipped() == plain.body && answer.body.count < plain.body.count / 4)
            } else {
                #expect(answer.body == plain.body)
            }
            let small = try await server.send(.request("GET /health", fields: ["Accept-Encoding: \(accepted)"]))
            #expect(small[field: "content-encoding"] == nil)
        }
    }
}

extension [UInt8] {
    /// As one gzip member.
    func gzipped() -> [UInt8] {
        var bytes: [UInt8] = []
        // Its failure is that there is no memory, and then no test goes on.
        if let writer = try? GzipWriter(level: 9) { writer.finish(self, into: &bytes) }
        return bytes
    }

    /// What it was before.
    func gunzipped() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var reader = try GzipReader()
        try reader.read(self, into: &bytes)
        try reader.finish()
        return bytes
    }
}
