import FoundationEssentials
import Labelling
import Serving
import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Paths, methods and content types")
    struct RoutingTests {
        @Test("The health paths answer", arguments: ["/health", "/health/ready", "/health/", "/health?x=1"])
        func health(path: String) async throws {
            let answer = try await suiteServer().send(.request("GET \(path)"))
            #expect(answer.status == 200)
            let document = try answer.document(HealthDocument.self)
            #expect(document.status == "ok" && document.reason == nil)
            #expect(document.model == "rubricator-minilm-l6" && document.version == version)
        }

        @Test("Liveness needs no model")
        func live() async throws {
            let answer = try await suiteServer().send(.request("GET /health/live"))
            #expect(answer.status == 200 && answer.text == #"{"status":"alive"}"#)
        }

        struct Info: Decodable {
            let model: String
            let version: String
            let labels: [String]
            let task: String
            let encoder: [String: Int]
            let limits: [String: Int]
            let headings: String
            let workers: Int
            let threads: Int
        }

        @Test("The model card describes the model and the limits")
        func info() async throws {
            let info = try await suiteServer().send(.request("GET /info")).document(Info.self)
            #expect(info.model == "rubricator-minilm-l6" && info.version == version && info.headings == "use")
            #expect(info.labels == ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"])
            #expect(info.encoder["layers"] == 6 && info.encoder["width"] == 384 && info.encoder["window_pieces"] == 512)
            #expect(info.limits["body_bytes"] == 8 << 20 && info.limits["sentences"] == 20_000)
            #expect(info.workers == 2 && info.threads == 1)
        }

        @Test(
            "HEAD is answered with the header fields of GET and no body",
            arguments: ["/health", "/health/live", "/health/ready", "/info", "/nowhere"])
        func head(path: String) async throws {
            let (get, head, next) = try await suiteServer().connected { client in
                try client.send(.request("GET \(path)"))
                let get = try client.receive()
                try client.send(.request("HEAD \(path)") + .request("GET /health/live"))
                return (get, try client.receive(hasBody: false), try client.receive())
            }
            #expect(head.status == get.status && head.body.isEmpty)
            #expect(head[field: "content-type"] == get[field: "content-type"])
            #expect(head[field: "content-length"] == "\(get.body.count)")
            #expect(next.text == #"{"status":"alive"}"#)
        }

        struct Row: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let allowed: String
        }

        @Test(
            "An unsupported method is refused with the supported ones",
            arguments: [
                Row(testDescription: "GET /predict", allowed: "POST"),
                Row(testDescription: "HEAD /predict", allowed: "POST"),
                Row(testDescription: "PUT /predict", allowed: "POST"),
                Row(testDescription: "DELETE /predict/", allowed: "POST"),
                Row(testDescription: "OPTIONS /predict", allowed: "POST"),
                Row(testDescription: "POST /health", allowed: "GET, HEAD"),
                Row(testDescription: "POST /health/live", allowed: "GET, HEAD"),
                Row(testDescription: "PATCH /info", allowed: "GET, HEAD"),
                Row(testDescription: "POST /health/ready/", allowed: "GET, HEAD"),
                Row(testDescription: "PURGE /health", allowed: "GET, HEAD"),
            ])
        func methods(_ row: Row) async throws {
            let isHead = row.testDescription.hasPrefix("HEAD")
            let answer = try await suiteServer().send(
                .request(row.testDescription, body: isHead ? nil : []), hasBody: !isHead)
            #expect(answer.status == 405)
            #expect(answer[field: "allow"] == row.allowed)
            if !isHead { try answer.expectProblem(405, "it accepts \(row.allowed)") }
        }

        @Test(
            "An unknown path is refused with a hint to /openapi.json",
            arguments: [
                "GET /predictions", "POST /predict/x", "GET /health/dead", "GET /%00",
                "OPTIONS *", "GET /../etc/passwd", "GET /\(String(repeating: "a", count: 30_000))",
            ])
        func paths(line: String) async throws {
            try await suiteServer().send(.request(line)).expectProblem(404, "/openapi.json lists all paths")
        }

        @Test(
            "An unsupported content type is refused",
            arguments: [
                "text/html", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                "application/jsonp",
                "application/json; charset=latin-1", "text/plain; charset=ISO-8859-1", "text/plain;charset=\"utf-16\"",
                "json", ",", "", "application/json; charset=\u{FC}tf-8",
            ])
        func contentTypes(type: String) async throws {
            let answer = try await suiteServer().send(
                .request("POST /predict", fields: ["Content-Type: \(type)"], body: Array(#"{"abstract": "A."}"#.utf8)))
            try answer.expectProblem(415, "content-type is \(type.debugDescription); expected")
        }

        @Test(
            "All ways to write the JSON content type are accepted",
            arguments: [
                "application/json", "APPLICATION/JSON", "application/json;charset=utf-8",
                "application/json ; Charset=\"UTF-8\"; x=y",
                "application/vnd.x+json", "application/json; charset=us-ascii",
            ])
        func goodContentTypes(type: String) async throws {
            let answer = try await suiteServer().send(
                .request("POST /predict", fields: ["Content-Type: \(type)"], body: Array(#"{"abstract": "A."}"#.utf8)))
            #expect(answer.status == 200)
        }

        @Test(
            "An unknown heading policy in the query is refused",
            arguments: ["?headings=maybe", "?headings=", "?headings=USE"])
        func query(query: String) async throws {
            let answer = try await suiteServer().send(.predict(#"{"abstract": "A."}"#, query: query))
            try answer.expectProblem(422, "expected use or ignore")
        }
    }
}
