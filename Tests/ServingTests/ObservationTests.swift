import Checkpoint
import FoundationEssentials
import Labelling
import Logging
import Serving
import Synchronization
import TestSupport
import Testing

@Suite("Metrics and logs")
struct ObservationTests {
    /// Every series by its name and labels.
    private static func series(_ server: RunningServer) async throws -> [String: Double] {
        let answer = try await server.send(.request("GET /metrics"))
        #expect(answer.status == 200 && answer[field: "content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        var series: [String: Double] = [:]
        for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
            let space = try #require(line.lastIndex(of: " "))
            series[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return series
    }

    @Test("The first scrape shows every series, and requests change their values")
    func scrapes() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let first = try await Self.series(server)
            let ok = #"rubricator_requests_total{route="/predict",method="POST",status="200"}"#
            #expect(first[ok] == 0 && first["rubricator_ready"] == 1 && first["rubricator_queue_tokens"] == 0)
            let answer = try await server.send(
                .predict(#"{"abstracts": ["BACKGROUND: Falls are common. We asked why.", "They fell."]}"#))
            #expect(answer.status == 200)
            for body in ["{", #"{"abstract": 1}"#] { _ = try await server.send(.predict(body)) }
            _ = try await server.send(.request("GET /nowhere"))
            _ = try await server.send(.request("PUT /info"))
            let second = try await Self.series(server)
            #expect(Set(first.keys) == Set(second.keys))
            func gained(_ name: String) -> Double { (second[name] ?? .nan) - (first[name] ?? .nan) }
            #expect(gained(ok) == 1)
            for (status, count) in [("400", 1.0), ("422", 1), ("500", 0)] {
                #expect(
                    gained(#"rubricator_requests_total{route="/predict",method="POST",status="\#(status)"}"#) == count)
            }
            #expect(gained(#"rubricator_requests_total{route="*",method="*",status="404"}"#) == 1)
            #expect(gained(#"rubricator_requests_total{route="*",method="*",status="405"}"#) == 1)
            #expect(gained(#"rubricator_requests_total{route="/metrics",method="GET",status="200"}"#) == 1)
            #expect(gained(#"rubricator_request_duration_seconds_count{route="/predict"}"#) == 3)
            #expect(second["rubricator_requests_in_flight"] == 1)
            let labels = second.keys.filter { $0.hasPrefix("rubricator_labels_total{") }
            #expect(labels.count == 10)
            #expect(labels.reduce(0) { $0 + gained($1) } == 3)
            #expect(labels.filter { $0.contains("heading") }.reduce(0) { $0 + gained($1) } == 1)
            #expect(gained("rubricator_batch_windows_sum") == 2)
            for stage in ["queue", "network"] {
                #expect(gained("rubricator_stage_duration_seconds_count{stage=\"\(stage)\"}") == 1)
            }
            #expect(gained(#"rubricator_stage_duration_seconds_count{stage="decode"}"#) == 2)
            #expect(gained(#"rubricator_stage_duration_seconds_count{stage="read"}"#) == 3)
            #expect(
                second.keys.contains {
                    $0.hasPrefix("rubricator_model_info{model=\"sequence-labeller-f32\",version=\"\(version)\"")
                })
            #expect((second["process_resident_memory_bytes"] ?? 0) > 1e6)
            #expect((second["process_cpu_seconds_total"] ?? 0) > 0 && (second["process_open_fds"] ?? 0) > 3)
            let now = Date.now.timeIntervalSince1970
            #expect((0...86_400).contains(now - (second["process_start_time_seconds"] ?? 0)))
        }
    }

    @Test("Failed items of batches and lines of streams are counted by code, although their request succeeds")
    func failedItems() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let batch = try await server.send(.predict(#"{"abstracts": ["They fell.", "", {"id": "a"}]}"#))
            let lines = Array("{\n\"They fell.\"\n".utf8)
            let stream = try await server.send(
                .request("POST /predict", fields: ["Content-Type: application/x-ndjson"], body: lines))
            #expect(batch.status == 200 && stream.status == 200)
            let series = try await Self.series(server)
            #expect(series[#"rubricator_failed_items_total{code="invalid_request"}"#] == 2)
            #expect(series[#"rubricator_failed_items_total{code="malformed_body"}"#] == 1)
            #expect(series[#"rubricator_failed_items_total{code="overloaded"}"#] == 0)
        }
    }

    @Test("Every answered status is documented for its route")
    func documentedStatuses() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.requestLimits.bodyBytes = 1_000
        try await RunningServer.with(settings) { server in
            let before = Set(try await Self.series(server).keys)
            for request: [UInt8] in [
                .predict("{"), .predict("{}"), .predict(#"{"abstract": "A."}"#), .predict("x", query: "?model=x"),
                .predict(String(repeating: " ", count: 2_000)),
                .request("POST /predict", fields: ["Content-Type: a/b"], body: [1]),
                .request("GET /info?model=x"), .request("GET /nowhere"), .request("DELETE /predict"),
                .request("POST /admin/reload", body: []), .request("GET /health"),
            ] { _ = try await server.send(request) }
            #expect(Set(try await Self.series(server).keys) == before)
        }
    }

    struct Line: Decodable {
        let time: String
        let level: String
        let message: String
        let requestID: String?
        let traceID: String?
        let spanID: String?
        let parentID: String?
        let method: String?
        let path: String?
        let status: Int?
        let duration: Double?
        let body: String?

        enum CodingKeys: String, CodingKey {
            case time, level, message, method, path, status, body
            case requestID = "request_id"
            case traceID = "trace_id"
            case spanID = "span_id"
            case parentID = "parent_id"
            case duration = "duration_ms"
        }
    }

    final class Lines: Sendable {
        private let lines = Mutex<[[UInt8]]>([])

        var logger: Logger {
            Logger(label: "test") { _ in LineLogHandler { line in self.lines.withLock { $0.append(line) } } }
        }

        func read() throws -> [Line] {
            try lines.withLock { try $0.map { try JSONDecoder().decode(Line.self, from: Data($0)) } }
        }

        var text: String { lines.withLock { String(decoding: $0.joined(), as: UTF8.self) } }
    }

    @Test("A line of text holds the time, the level, the message and the metadata")
    func textLine() {
        let line = LineLogHandler.line(.text, .info, "request", ["path": "/a\nb", "status": .stringConvertible(200)])
        let words = String(decoding: line, as: UTF8.self)
        #expect(words.hasSuffix("Z info request path=/a b status=200\n"), "\(words)")
    }

    @Test("Each request is logged as a line of JSON with its identifier and trace, without its text")
    func accessLines() async throws {
        let lines = Lines()
        try await RunningServer.with(.tiny("sequence-labeller-f32"), logger: lines.logger) { server in
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let answer = try await server.send(
                .predict(
                    #"{"abstract": "Secretly unwell patients."}"#,
                    fields: ["X-Request-ID: my-request-1", "traceparent: 00-\(trace)-00f067aa0ba902b7-01"]))
            #expect(answer[field: "x-request-id"] == "my-request-1")
            let own = try #require(try await server.send(.predict("{"))[field: "x-request-id"])
            #expect(own.count == 16)
            // What may not go into a log or a field is not taken.
            for bad in ["a b", String(repeating: "x", count: 129), "ö"] {
                let answer = try await server.send(.request("GET /info", fields: ["X-Request-ID: \(bad)"]))
                #expect(answer[field: "x-request-id"]?.count == 16)
            }
            _ = try await server.send(.request("GET /health"))
            let written = try lines.read()
            let requests = written.filter { $0.message == "request" }
            #expect(requests.count == 5, "probes are not told of")
            let first = try #require(requests.first)
            #expect(first.requestID == "my-request-1" && first.status == 200 && first.method == "POST")
            #expect(first.path == "/predict" && first.level == "info" && (first.duration ?? 0) > 0)
            #expect(first.traceID == trace && first.parentID == "00f067aa0ba902b7" && first.spanID?.count == 16)
            #expect(first.spanID != first.parentID)
            #expect(requests[1].requestID == own && requests[1].status == 400 && requests[1].traceID == nil)
            #expect(!lines.text.contains("Secretly"))
            #expect(written.contains { $0.message == "ready" })
            #expect(first.time.count == 24 && first.time.hasSuffix("Z") && first.time.contains("T"))
        }
    }

    @Test("The log records bodies if the operator asks for it")
    func texts() async throws {
        let lines = Lines()
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.logsTexts = true
        try await RunningServer.with(settings, logger: lines.logger) { server in
            _ = try await server.send(.predict(#"{"abstract": "Openly \"well\" patients."}"#))
            #expect(try lines.read().contains { $0.body == #"{"abstract": "Openly \"well\" patients."}"# })
        }
    }

    @Test(
        "An invalid traceparent is ignored",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        ])
    func invalidTrace(field: String) async throws {
        let lines = Lines()
        try await RunningServer.with(.tiny("sequence-labeller-f32"), logger: lines.logger) { server in
            _ = try await server.send(.request("GET /info", fields: ["traceparent: \(field)"]))
            #expect(try lines.read().last { $0.message == "request" }?.traceID == nil)
        }
    }
}

@Suite("Disconnected clients and slow bodies")
struct AbsenceTests {
    @Test("The work of a client that has closed its connection is not done")
    func absent() async throws {
        var settings = Settings.shipped
        settings.workers = 1
        try await RunningServer.with(settings) { server in
            let sentences = repeatElement("\"Falls are common in adults older than 65 years.\"", count: 15_000)
            let body = [UInt8].predict(#"{"sentences": [\#(sentences.joined(separator: ","))]}"#)
            try await server.connected { client in
                try client.send(body)
                client.pause(milliseconds: 300)
                client.close()
            }
            try await server.eventually {
                let metrics = try await server.send(.request("GET /metrics")).text
                return metrics.contains(#"method="POST",status="499"} 1"# + "\n")
                    && metrics.contains("rubricator_queue_tokens 0\n")
            }
        }
    }

    @Test("A request ends when its client disconnects, also if its answer would be compressed")
    func absentAndCompressed() async throws {
        try await RunningServer.with(.shipped) { server in
            let sentences = repeatElement("\"Falls are common in adults older than 65 years.\"", count: 300)
            let body = [UInt8].predict(
                #"{"sentences": [\#(sentences.joined(separator: ","))]}"#, fields: ["Accept-Encoding: gzip"])
            for _ in 0..<5 {
                try await server.connected { client in
                    try client.send(body)
                    client.pause(milliseconds: 30)
                    client.reset()
                }
            }
            // The scrape itself is the one.
            try await server.eventually {
                let metrics = try await server.send(.request("GET /metrics")).text
                return metrics.contains("rubricator_requests_in_flight 1\n")
            }
        }
    }

    @Test("A client that has closed only its sending side gets an interim response and its answer")
    func present() async throws {
        try await RunningServer.with(.shipped) { server in
            let sentences = repeatElement("\"Falls are common in adults older than 65 years.\"", count: 1_000)
            let body = [UInt8].predict(#"{"sentences": [\#(sentences.joined(separator: ","))]}"#)
            let all = try await server.connected { client in
                try client.send(body)
                client.finishSending()
                return String(decoding: try client.receiveToEnd(), as: UTF8.self)
            }
            #expect(all.hasPrefix("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n"))
            let old = try await server.connected { client in
                try client.send(
                    Array(String(decoding: body, as: UTF8.self).replacing("HTTP/1.1", with: "HTTP/1.0").utf8))
                client.finishSending()
                return String(decoding: try client.receiveToEnd(), as: UTF8.self)
            }
            #expect(old.hasPrefix("HTTP/1.1 200 OK\r\n") || old.hasPrefix("HTTP/1.0 200 OK\r\n"))
        }
    }

    @Test("A body that arrives too slowly is refused in time", .timeLimit(.minutes(1)))
    func trickling() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.bodyTimeout = .milliseconds(500)
        try await RunningServer.with(settings) { server in
            let (answer, rest) = try await server.connected { client in
                try client.send(Array("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n".utf8))
                for _ in 0..<30 {
                    client.pause(milliseconds: 50)
                    do { try client.send([0x20]) } catch { break }
                }
                return (try client.receive(), try client.receiveToEnd())
            }
            try answer.expectProblem(408, "the body did not arrive within 0.5 s")
            #expect(answer[field: "connection"] == "close" && rest.isEmpty)
            try await server.expectToAnswer()
        }
    }

    @Test(
        "A slow stream may take its time while it is answered, and is cut off elsewhere",
        .timeLimit(.minutes(1)), arguments: ["/nowhere", "/v2/models/m/infer", "/predict?model=other", "/predict"])
    func tricklingLines(path: String) async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.bodyTimeout = .milliseconds(500)
        try await RunningServer.with(settings) { server in
            let head =
                "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n"
            let isClosed = try await server.connected { client in
                try client.send(Array(head.utf8))
                for _ in 0..<(path == "/predict" ? 15 : 300) {
                    client.pause(milliseconds: 100)
                    do { try client.send([0x20]) } catch { return true }
                }
                return false
            }
            #expect(isClosed == (path != "/predict"))
            try await server.expectToAnswer()
        }
    }
}

@Suite("Drift")
struct DriftServingTests {
    struct Info: Decodable {
        struct Drift: Decodable {
            let abstracts: Int
            let referenceAbstracts: Int
            let stabilityIndices: [String: Double]

            enum CodingKeys: String, CodingKey {
                case abstracts
                case referenceAbstracts = "reference_abstracts"
                case stabilityIndices = "stability_indices"
            }
        }

        let drift: Drift?
    }

    @Test("Metrics and /info compare recent abstracts with the checkpoint's profile")
    func window() async throws {
        let directory = try TemporaryDirectory(
            copyOf: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32"))
        let labeller = try Labeller(CheckpointDirectory(path: directory.url.path()))
        let engine = Engine(labeller, threads: 1)
        var profile = LabellingProfile(labels: labeller.labels.count)
        let common = "Falls are common. We randomised 40 adults. They fell less."
        let prepared = try labeller.prepare(labeller.abstract(common))
        for _ in 0..<100 { for labelled in engine.label([prepared]) { profile.add(prepared, labelled, labeller) } }
        try profile.write(to: directory.url.appending(path: LabellingProfile.fileName).path())
        var settings = Settings(models: [ModelSource(name: "m", directory: directory.url.path())], threads: 1)
        settings.driftWindow = 100
        try await RunningServer.with(settings) { server in
            func index(_ distribution: String) async throws -> Double {
                let text = try await server.send(.request("GET /metrics")).text
                let name = "rubricator_drift_stability_index{model=\"m\",distribution=\"\(distribution)\"} "
                let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
                return try #require(line.flatMap { Double($0.dropFirst(name.count)) })
            }
            func send(_ text: String, times: Int) async throws {
                let items = repeatElement("\"\(text)\"", count: times).joined(separator: ",")
                #expect(try await server.send(.predict("{\"abstracts\": [\(items)]}")).status == 200)
            }
            #expect(try await index("sentences_per_abstract") == 0)
            try await send(common, times: 50)
            #expect(try await index("sentences_per_abstract") < 0.1)
            try await send("Short.", times: 200)
            #expect(try await index("sentences_per_abstract") > 1)
            let drift = try #require(try await server.send(.request("GET /info")).document(Info.self).drift)
            #expect((90...100).contains(drift.abstracts) && drift.referenceAbstracts == 100)
            #expect((drift.stabilityIndices["sentences_per_abstract"] ?? 0) > 1)
            // The window has moved on once enough of the others have come.
            try await send(common, times: 110)
            #expect(try await index("sentences_per_abstract") < 0.1)
            try await send("Short.", times: 200)
            #expect(try await index("sentences_per_abstract") > 1)
            try FileManager.default.removeItem(at: directory.url.appending(path: LabellingProfile.fileName))
            server.tell(.reload)
            // What nobody compares any longer does not go on alarming.
            try await server.eventually { try await index("sentences_per_abstract") == 0 }
        }
    }
}
