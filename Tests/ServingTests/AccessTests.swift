import FoundationEssentials
import Glibc
import Serving
import TestSupport
import Testing

@Suite("Access")
struct AccessTests {
    private static let predict = #"{"abstract": "Falls are common."}"#

    private func withKeys(_ content: String, _ body: (RunningServer, URL) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: "keys")
        try Data(content.utf8).write(to: file)
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.apiKeys = file.path()
        settings.reloading = .key
        settings.corsOrigins = ["https://a.example", "https://b.example"]
        try await RunningServer.with(settings) { server in try await body(server, file) }
    }

    @Test("Requests need an API key, health probes do not")
    func keys() async throws {
        try await withKeys("# for the tests\n\nfirst-key\r\n  second/key= \n") { server, _ in
            for key in ["first-key", "second/key="] {
                for scheme in ["Bearer", "bearer"] {
                    let answer = try await server.send(
                        .predict(Self.predict, fields: ["Authorization: \(scheme) \(key)"]))
                    #expect(answer.status == 200)
                }
            }
            for field in [
                "", "Bearer", "Bearer ", "Bearer first-ke", "Bearer first-kex", "Bearer first-keyx", "Basic first-key",
                "first-key", "Bearer # for the tests",
            ] {
                let answer = try await server.send(
                    .predict(Self.predict, fields: field.isEmpty ? [] : ["Authorization: \(field)"]))
                try answer.expectProblem(401, "this service requires an API key")
                #expect(answer[field: "www-authenticate"] == "Bearer")
            }
            for path in ["/info", "/metrics", "/nowhere"] {
                #expect(try await server.send(.request("GET \(path)")).status == 401)
            }
            // A body after the answer to HEAD would be taken for the next answer.
            for path in ["/predict", "/nowhere", "/info"] {
                let (head, next) = try await server.connected { client in
                    try client.send(.request("HEAD \(path)") + .request("GET /health/live"))
                    return (try client.receive(hasBody: false), try client.receive())
                }
                #expect(head.status == 401 && next.text == #"{"status":"alive"}"#)
            }
            let v2 = try await server.send(.request("GET /v2/models/m"))
            #expect(v2.status == 401 && v2[field: "content-type"] == "application/json")
            #expect(v2.text.hasPrefix(#"{"error":"this service requires an API key"#))
            for path in ["/health", "/health/live", "/health/ready"] {
                #expect(try await server.send(.request("GET \(path)")).status == 200)
            }
        }
    }

    @Test("A FIFO, a directory or a huge file of keys is refused at once", .timeLimit(.minutes(1)))
    func unusableFiles() throws {
        let directory = try TemporaryDirectory()
        let fifo = directory.url.appending(path: "fifo").path()
        try #require(unsafe mkfifo(fifo, 0o600) == 0)
        let huge = directory.url.appending(path: "huge")
        try Data(count: 2 << 20).write(to: huge)
        for (path, reason) in [
            (fifo, "expected a regular file, found a pipe"),
            (directory.url.path(), "expected a regular file, found a directory"),
            (huge.path(), "the file has 2097152 bytes; expected at most 1048576"),
        ] {
            let failure = #expect(throws: APIKeys.Failure.self) { try APIKeys(file: path) }
            #expect(failure?.description == "\(path): cannot read the API keys: \(reason).")
        }
    }

    @Test("A reload also reads the API keys, and a file without keys changes nothing")
    func reload() async throws {
        try await withKeys("old\n") { server, file in
            func ask(_ key: String) async throws -> Int {
                try await server.send(.predict(Self.predict, fields: ["Authorization: Bearer \(key)"])).status
            }
            try Data("new\n".utf8).write(to: file)
            #expect(try await ask("old") == 200)
            let answer = try await server.send(
                .request("POST /admin/reload", fields: ["Authorization: Bearer old"], body: []))
            #expect(answer.status == 200)
            #expect(try await ask("new") == 200)
            #expect(try await ask("old") == 401)
            try Data("\n".utf8).write(to: file)
            server.tell(.reload)
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await ask("new") == 200)
        }
    }

    @Test(
        "A file without keys, or with a key that no header field can carry, is refused with file and line",
        arguments: [
            ("", "there is no API key in this file"), ("# none\n", "there is no API key in this file"),
            ("good\nbad key\n", "line 2: expected an API key of visible ASCII"),
            ("nö\n", "line 1: expected an API key of visible ASCII"),
        ])
    func badFile(content: String, says: String) throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: "keys")
        try Data(content.utf8).write(to: file)
        let error = #expect(throws: APIKeys.Failure.self) { try APIKeys(file: file.path()) }
        #expect(error?.description.contains(says) == true && error?.description.contains(file.path()) == true)
        let missing = #expect(throws: APIKeys.Failure.self) { try APIKeys(file: file.path() + "x") }
        #expect(missing?.description.contains("No such file") == true)
    }

    @Test("Pages of allowed origins may send requests, and others may not")
    func crossOrigin() async throws {
        try await withKeys("k\n") { server, _ in
            let preflight = try await server.send(
                .request(
                    "OPTIONS /predict",
                    fields: [
                        "Origin: https://b.example", "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: authorization,content-type",
                    ]))
            #expect(preflight.status == 204 && preflight.body.isEmpty)
            #expect(preflight[field: "access-control-allow-origin"] == "https://b.example")
            #expect(preflight[field: "access-control-allow-methods"] == "POST")
            #expect(preflight[field: "access-control-allow-headers"]?.contains("authorization") == true)
            #expect(preflight[field: "vary"] == "origin")
            let asked = try await server.send(
                .predict(Self.predict, fields: ["Origin: https://a.example", "Authorization: Bearer k"]))
            #expect(asked.status == 200 && asked[field: "access-control-allow-origin"] == "https://a.example")
            #expect(
                asked[field: "access-control-expose-headers"]
                    == "inference-header-content-length, retry-after, x-request-id")
            let refused = try await server.send(.predict(Self.predict, fields: ["Origin: https://a.example"]))
            #expect(refused.status == 401 && refused[field: "access-control-allow-origin"] == "https://a.example")
            for origin in ["https://c.example", "null", "https://a.example.evil"] {
                let answer = try await server.send(
                    .request("OPTIONS /predict", fields: ["Origin: \(origin)", "Access-Control-Request-Method: POST"]))
                #expect(answer.status == 401 && answer[field: "access-control-allow-origin"] == nil)
            }
        }
    }

    @Test("Without allowed origins there are no CORS header fields")
    func crossOriginOff() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let answer = try await server.send(.predict(Self.predict, fields: ["Origin: https://a.example"]))
            #expect(answer.status == 200)
            #expect(!answer.fields.contains { $0.name.hasPrefix("access-control") })
            try await server.send(.request("OPTIONS /predict", fields: ["Origin: https://a.example"]))
                .expectProblem(405, "/predict does not accept OPTIONS")
        }
    }
}
