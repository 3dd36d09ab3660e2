import Checkpoint
import FoundationEssentials
import Serving
import TestSupport
import Testing

@Suite("Shutdown and reload")
struct LifeCycleTests {
    private static func status(_ server: RunningServer) async throws -> String {
        try await server.send(.request("GET /health/ready")).document(HealthDocument.self).status
    }

    @Test("A shutdown ends readiness at once, and requests during the drain delay are answered")
    func drainDelay() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.drainDelay = .seconds(4)
        try await RunningServer.with(settings) { server in
            let clock = ContinuousClock()
            let start = clock.now
            server.stop()
            while try await Self.status(server) == "ok" { #expect(clock.now - start < .seconds(3)) }
            #expect(try await Self.status(server) == "draining")
            #expect(try await server.send(.request("GET /health/live")).status == 200)
            let ready = try await server.send(.request("GET /v2/models/sequence-labeller-f32/ready"))
            #expect(ready.status == 503 && ready.text.contains(#""ready":false"#))
            let (answer, rest) = try await server.connected { client in
                try client.send(.predict(#"{"abstract": "Falls are common."}"#))
                return (try client.receive(), try client.receiveToEnd())
            }
            #expect(answer.status == 200 && answer[field: "connection"] == "close" && rest.isEmpty)
            try await server.expectToEnd()
            #expect((4..<15).contains((clock.now - start) / .seconds(1)))
        }
    }

    @Test("A service that is told to stop while it loads does not become ready")
    func stoppedWhileLoading() async throws {
        var settings = Settings.shipped
        settings.drainDelay = .seconds(300)
        settings.selfCheckInterval = .milliseconds(20)
        try await RunningServer.with(settings, untilReady: false) { server in
            server.stop()
            try await Task.sleep(for: .milliseconds(100))
            for _ in 0..<20 {
                #expect(try await Self.status(server) != "ok")
                try await Task.sleep(for: .milliseconds(40))
            }
            server.tell(.stop)
        }
    }

    @Test("Requests in flight are cut off after the shutdown timeout")
    func shutdownTimeout() async throws {
        var settings = Settings.shipped
        settings.shutdownTimeout = .milliseconds(300)
        try await RunningServer.with(settings) { server in
            let sentences = repeatElement("\"Falls are common in adults older than 65 years.\"", count: 8_000)
            let body = #"{"sentences": [\#(sentences.joined(separator: ","))]}"#
            async let answer = server.connected { client in
                try client.send(.predict(body))
                return try? client.receive()
            }
            try await Task.sleep(for: .milliseconds(300))
            let clock = ContinuousClock()
            let start = clock.now
            server.stop()
            #expect(try await answer?.status ?? 503 == 503)
            try await server.expectToEnd()
            #expect((0.25..<20).contains((clock.now - start) / .seconds(1)))
        }
    }

    @Test("A second request to stop ends the service at once")
    func interrupted() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.drainDelay = .seconds(600)
        try await RunningServer.with(settings) { server in
            let clock = ContinuousClock()
            let start = clock.now
            server.stop()
            try await Task.sleep(for: .milliseconds(100))
            server.tell(.stop)
            try await server.expectToEnd()
            #expect(clock.now - start < .seconds(60))
        }
    }

    struct Reloaded: Decodable {
        struct Model: Decodable {
            let model: String
            let generation: Int
        }

        let models: [Model]
    }

    struct Info: Decodable {
        let model: String
        let generation: Int
        let models: [String]
        let labels: [String]
    }

    private static let predict = [UInt8].predict(#"{"abstract": "Falls are common. We randomised 40 adults."}"#)

    @Test("After a reload the new checkpoint answers, and requests in flight keep the old one")
    func reload() async throws {
        let directory = try TemporaryDirectory(
            copyOf: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32"))
        var settings = Settings(models: [ModelSource(name: "m", directory: directory.url.path())], threads: 1)
        settings.reloading = .loopback
        try await RunningServer.with(settings) { server in
            let before = try await server.send(Self.predict)
            #expect(try await server.send(.request("GET /info")).document(Info.self).generation == 1)
            let large = repeatElement("\"Falls are common.\"", count: 15_000).joined(separator: ",")
            async let begun = server.send(.predict(#"{"sentences": [\#(large)]}"#))
            // The new checkpoint is another task's, so that nobody mistakes it.
            try directory.replaceContent(byThatOf: Locations.fixtures.appending(path: "checkpoints/uncased-single-f32"))
            let answer = try await server.send(.request("POST /admin/reload", body: []))
            #expect(answer.status == 200)
            let reloaded = try answer.document(Reloaded.self).models
            #expect(reloaded.map(\.model) == ["m"] && reloaded.map(\.generation) == [2])
            let after = try await server.send(Self.predict)
            #expect(after.status == 200 && after.body != before.body)
            let old = try await begun
            #expect(old.status == 200)
            #expect(try old.document(AbstractDocument.self).sentences?.count == 15_000)
            #expect(try await server.send(.request("GET /info")).document(Info.self).generation == 2)

            try directory.replaceContent(
                byThatOf: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32"))
            server.tell(.reload)
            try await server.eventually { try await server.send(Self.predict) == before }
        }
    }

    @Test("A broken checkpoint is refused, and the old one stays in use")
    func badReload() async throws {
        let directory = try TemporaryDirectory(
            copyOf: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32"))
        var settings = Settings(models: [ModelSource(name: "m", directory: directory.url.path())], threads: 1)
        settings.reloading = .loopback
        try await RunningServer.with(settings) { server in
            let before = try await server.send(Self.predict)
            // As a file is replaced: what is mapped stays what it was.
            let weights = directory.url.appending(path: "model.safetensors")
            try FileManager.default.removeItem(at: weights)
            try Data("damaged".utf8).write(to: weights)
            let answer = try await server.send(.request("POST /admin/reload", body: []))
            try answer.expectProblem(422, "a checkpoint cannot be used, so the loaded ones stay in use")
            #expect(!answer.text.contains(directory.url.lastPathComponent), "an answer tells a path")
            server.tell(.reload)
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await server.send(Self.predict) == before)
            #expect(try await Self.status(server) == "ok")
            let metrics = try await server.send(.request("GET /metrics")).text
            #expect(metrics.contains("rubricator_reloads_total{result=\"refused\"} 2\n"))
        }
    }

    @Test("A reload over HTTP is refused unless it is enabled")
    func reloadOff() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            try await server.send(.request("POST /admin/reload", body: []))
                .expectProblem(403, "reloading over HTTP is off")
        }
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.reloading = .key
        try await RunningServer.with(settings) { server in
            try await server.send(.request("POST /admin/reload", body: [])).expectProblem(
                403, "reloading requires an API key")
        }
    }

    @Test("Several checkpoints answer by name, and the first answers requests without a name")
    func severalModels() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.models = [
            .tiny("sequence-labeller-f32", name: "joint"), .tiny("uncased-single-f32", name: "single"),
            .tiny("multilabel", name: "topics"),
        ]
        try await RunningServer.with(settings) { server in
            func ask(_ query: String, _ body: String = #"{"abstract": "Falls are common."}"#) async throws -> HTTPAnswer
            {
                try await server.send(.predict(body, query: query))
            }
            let first = try await ask("")
            #expect(try first.document(AbstractDocument.self).model == "joint")
            #expect(try await ask("?model=joint") == first)
            #expect(try await ask("?model=single").document(AbstractDocument.self).model == "single")
            #expect(try await ask("?model=topics", #"{"texts": ["Falls."]}"#).status == 200)
            try await ask("?model=topics").expectProblem(422, "this checkpoint assigns any number of labels")
            try await ask("?model=other").expectProblem(
                404, "there is no model \"other\"; available models: joint, single, topics.")
            let info = try await server.send(.request("GET /info?model=single")).document(Info.self)
            #expect(info.model == "single" && info.models == ["joint", "single", "topics"])
        }
    }

    @Test("Two checkpoints of the same name stop the service at the start")
    func sameName() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.models += settings.models
        let error = await #expect(throws: (any Error).self) {
            try await RunningServer.with(settings, untilReady: false) { server in try await server.expectToEnd() }
        }
        #expect(error.map { "\($0)" }?.contains("two checkpoints are named") == true)
    }

    @Test(
        "A checkpoint is given as DIR or as NAME=DIR",
        arguments: [
            ("Models", nil, "Models"), ("a=Models", "a", "Models"), ("a=b=c", "a", "b=c"), ("./a=b", nil, "./a=b"),
            ("=b", nil, "=b"),
        ] as [(String, String?, String)])
    func source(text: String, name: String?, directory: String) {
        #expect(ModelSource(text) == ModelSource(name: name, directory: directory))
    }
}
