import Serving
import TestSupport
import Testing

@Suite("Memory of request bodies")
struct HeldBodiesTests {
    @Test(
        "A body is refused with Retry-After while other bodies use all the memory",
        .timeLimit(.minutes(1)))
    func tooManyTogether() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.requestLimits.bodyBytes = 10_000
        try await RunningServer.with(settings) { server in
            let body = Array(#"{"abstract": "Falls are common.\#(String(repeating: " ", count: 9_900))"}"#.utf8)
            let request = [UInt8].request("POST /predict", fields: ["Content-Type: application/json"], body: body)
            let statuses = try await onOwnThread {
                let clients = try (0..<4).map { _ in try SocketClient(port: server.port) }
                for client in clients { try client.send(Array(request.dropLast())) }
                let all = "rubricator_held_body_bytes \(4 * (body.count - 1))\n"
                while try !SocketClient(port: server.port).answer(to: .request("GET /metrics")).text.contains(all) {
                    clients[0].pause(milliseconds: 20)
                }
                let refused = try SocketClient(port: server.port).answer(to: request)
                try refused.expectProblem(429, "the bodies of the requests in flight use all the memory")
                #expect(refused[field: "retry-after"] == "1")
                for client in clients { try client.send(Array(request.suffix(1))) }
                return try clients.map { try $0.receive().status }
            }
            #expect(statuses == [200, 200, 200, 200])
            try await server.eventually { try await server.send(request).status == 200 }
        }
    }

    @Test("A body with too many JSON values is refused before all of it is parsed")
    func manyValues() async throws {
        try await RunningServer.with(.tiny("sequence-labeller-f32")) { server in
            let values = repeatElement("0", count: 220_000).joined(separator: ",")
            try await server.send(.predict(#"{"abstract": "A.", "x": [\#(values)]}"#))
                .expectProblem(422, "the body has more than 220000 JSON values")
        }
    }
}

extension SocketClient {
    fileprivate func answer(to request: [UInt8]) throws -> HTTPAnswer {
        try send(request)
        return try receive()
    }
}
