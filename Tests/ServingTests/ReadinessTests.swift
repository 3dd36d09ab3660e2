import Checkpoint
import FoundationEssentials
import Hummingbird
import Labelling
import ServiceLifecycle
import Serving
import TestSupport
import Testing

@Suite("Start, readiness and end")
struct ReadinessTests {
    @Test("While the model loads, the service is alive, not ready, and says why")
    func loading() async throws {
        let settings = Settings.tiny("sequence-labeller-f32")
        // A model that nobody runs is loading for ever.
        let model = ModelService(settings, logger: .silent)
        try await RunningServer.with(routes: routes(model, settings)) { server in
            #expect(try await server.send(.request("GET /health/live")).status == 200)
            for path in ["/health", "/health/ready"] {
                let answer = try await server.send(.request("GET \(path)"))
                #expect(answer.status == 503)
                let document = try answer.document(HealthDocument.self)
                #expect(document.status == "loading" && document.reason == "the model is loading")
            }
            for request: [UInt8] in [.predict(#"{"abstract": "A."}"#), .request("GET /info")] {
                let answer = try await server.send(request)
                try answer.expectProblem(503, "the model is loading")
                #expect(answer[field: "retry-after"] == "1")
            }
        }
    }

    @Test("The port is bound before the checkpoint is loaded, and then the model becomes ready")
    func becomingReady() async throws {
        try await RunningServer.with(.shipped, untilReady: false) { server in
            var seen: [String] = []
            let clock = ContinuousClock()
            let deadline = clock.now + .seconds(30)
            while seen.last != "ok", clock.now < deadline {
                let answer = try await server.send(.request("GET /health/ready"))
                let document = try answer.document(HealthDocument.self)
                #expect(answer.status == (document.status == "ok" ? 200 : 503))
                if seen.last != document.status { seen.append(document.status) }
            }
            // Loading takes a tenth of a second, which a busy machine may let pass before the first question.
            #expect(seen == ["loading", "ok"] || seen == ["ok"])
            try await server.expectToAnswer()
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let file: String
        let content: String?
        let says: String
    }

    @Test(
        "A checkpoint that cannot be loaded ends the service with the reason",
        arguments: [
            Row(testDescription: "no config.json", file: "config.json", content: nil, says: "config.json"),
            Row(
                testDescription: "a config.json that is not JSON", file: "config.json", content: "{",
                says: "config.json"),
            Row(testDescription: "no vocabulary", file: "vocab.txt", content: nil, says: "vocab.txt"),
            Row(testDescription: "no weights", file: "model.safetensors", content: nil, says: "model.safetensors"),
            Row(
                testDescription: "weights that are none", file: "model.safetensors", content: "version https://git-lfs",
                says: "model.safetensors"),
        ])
    func broken(_ row: Row) async throws {
        let directory = try TemporaryDirectory(
            copyOf: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32"))
        let file = directory.url.appending(path: row.file)
        try FileManager.default.removeItem(at: file)
        if let content = row.content { try Data(content.utf8).write(to: file) }
        try await expectEnd(
            Settings(models: [ModelSource(directory: directory.url.path())], threads: 1), says: row.says)
    }

    @Test("A missing checkpoint ends the service with the reason")
    func missing() async throws {
        try await expectEnd(
            Settings(models: [ModelSource(directory: "/nowhere/at all")], threads: 1), says: "/nowhere/at all")
    }

    @Test("A port that is in use ends the service")
    func portTaken() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            var settings = Settings.tiny("sequence-labeller-f32")
            settings.port = server.port
            let service = try LabellingService(settings, logger: .silent)
            await #expect(throws: (any Error).self) { _ = try await service.run(signals: .makeStream().stream) }
        }
    }

    private func expectEnd(_ settings: Settings, says words: String) async throws {
        let error = await #expect(throws: (any Error).self) {
            var settings = settings
            settings.port = 0
            _ = try await LabellingService(settings, logger: .silent).run(signals: .makeStream().stream)
        }
        let message = error.map { "\($0)" } ?? ""
        #expect(message.contains(words), "\(message)")
    }

    @Test(
        "A checkpoint whose numbers overflow loads, fails its self-check, and does not answer until a reload")
    func selfCheck() async throws {
        let source = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32")
        let directory = try TemporaryDirectory(copyOf: source)
        let file = directory.url.appending(path: "model.safetensors").path()
        try FileManager.default.removeItem(atPath: file)
        let entries = try CheckpointDirectory(path: source.path()).tensors().tensors.map { tensor in
            let size = tensor.shape.reduce(1, *)
            return tensor.name == "classifier.weight"
                ? SafetensorsEntry(
                    name: tensor.name, shape: tensor.shape, values: [Float](repeating: 3e38, count: size))
                : SafetensorsEntry(tensor)
        }
        #expect(entries.contains { $0.name == "classifier.weight" })
        try SafetensorsWriter.write(entries, to: file)
        var settings = Settings(
            models: [ModelSource(directory: directory.url.path()), .tiny("sequence-labeller-f32", name: "good")],
            threads: 1)
        settings.selfCheckInterval = .milliseconds(50)
        try await RunningServer.with(settings, untilReady: false) { server in
            var status = "loading"
            let clock = ContinuousClock()
            let deadline = clock.now + .seconds(30)
            while status == "loading", clock.now < deadline {
                let answer = try await server.send(.request("GET /health"))
                #expect(answer.status == 503)
                status = try answer.document(HealthDocument.self).status
            }
            #expect(status == "failed")
            let health = try await server.send(.request("GET /health/ready"))
            #expect(health.status == 503)
            #expect(health.text.contains("the self-check failed: the model's output is not finite"))
            try await server.send(.predict(#"{"abstract": "A."}"#)).expectProblem(503, "the self-check failed")
            #expect(try await server.send(.predict(#"{"abstract": "A."}"#, query: "?model=good")).status == 200)
            #expect(try await server.send(.request("GET /health/live")).status == 200)
            #expect(try await server.send(.request("GET /metrics")).text.contains("rubricator_ready 0\n"))
            try directory.replaceContent(byThatOf: source)
            server.tell(.reload)
            try await server.eventually { try await server.send(.request("GET /health/ready")).status == 200 }
            try await server.expectToAnswer()
        }
    }

    @Test("Connections above the limit wait until another one is closed")
    func connections() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.connections = 3
        try await RunningServer.with(settings) { server in
            let health = [UInt8].request("GET /health")
            let answered = try await onOwnThread { () -> (Int?, Int?) in
                let held = try (0..<3).map { _ in try SocketClient(port: server.port) }
                for client in held {
                    try client.send(health)
                    _ = try client.receive()
                }
                let next = try SocketClient(port: server.port, timeout: 1)
                try next.send(health)
                let early = try? next.receive()
                held[0].close()
                for _ in 0..<30 { if let answer = try? next.receive() { return (early?.status, answer.status) } }
                return (early?.status, nil)
            }
            #expect(answered.0 == nil && answered.1 == 200)
        }
    }

    @Test("A stopped model service reports that it is draining")
    func draining() async throws {
        let settings = Settings.tiny("sequence-labeller-f32")
        let model = ModelService(settings, logger: .silent)
        let group = ServiceGroup(configuration: .init(services: [model], logger: .silent))
        try await RunningServer.with(routes: routes(model, settings)) { server in
            async let end: Void = group.run()
            while case .loading = model.phase { try await Task.sleep(for: .milliseconds(5)) }
            try await server.expectToAnswer()
            await group.triggerGracefulShutdown()
            try await end
            let health = try await server.send(.request("GET /health/ready"))
            #expect(health.status == 503)
            #expect(try health.document(HealthDocument.self).status == "draining")
            try await server.send(.predict(#"{"abstract": "A."}"#)).expectProblem(503, "the service is shutting down")
            #expect(try await server.send(.request("GET /health/live")).status == 200)
        }
    }

    @Test("A graceful shutdown answers requests in flight and then closes the port")
    func gracefulShutdown() async throws {
        let request = [UInt8].predict(#"{"abstract": "Falls are common."}"#)
        var port = 0
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            port = server.port
            async let answer = server.connected { client in
                try client.send(Array(request.dropLast(5)))
                // The rest is held back until the port is closed.
                for _ in 0..<500 {
                    guard (try? SocketClient(port: server.port)) != nil else { break }
                    client.pause(milliseconds: 10)
                }
                try client.send(Array(request.suffix(5)))
                return (try client.receive(), try client.receiveToEnd())
            }
            try await Task.sleep(for: .milliseconds(300))
            server.stop()
            let (last, rest) = try await answer
            #expect(last.status == 200 && rest.isEmpty)
        }
        let closed = port
        await #expect(throws: SocketError.self) { try await onOwnThread { _ = try SocketClient(port: closed) } }
    }
}
