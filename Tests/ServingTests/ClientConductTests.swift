import Glibc
import Serving
import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Slow, impatient and many clients")
    struct ClientConductTests {
        static let abstract = [UInt8].predict(#"{"abstract": "Falls are common. We randomised 40 adults."}"#)
        static let large = [UInt8].predict(
            #"{"sentences": [\#(repeatElement("\"Falls are common in adults.\"", count: 600).joined(separator: ","))]}"#
        )

        @Test("A request that is sent byte by byte is answered")
        func slow() async throws {
            let answer = try await suiteServer().connected { client in
                for byte in Self.abstract {
                    try client.send([byte])
                    client.pause(milliseconds: 1)
                }
                return try client.receive()
            }
            #expect(answer.status == 200)
        }

        @Test("An answer that is read slowly arrives completely")
        func slowReader() async throws {
            let answer = try await suiteServer().connected { client in
                try client.send(Self.large)
                client.pause(milliseconds: 1_500)
                return try client.receive()
            }
            #expect(try answer.document(AbstractDocument.self).sentences?.count == 600)
        }

        @Test("A client that has closed its sending side is answered, and then its connection is closed")
        func halfClosed() async throws {
            for request in [Self.abstract, Self.large, .request("GET /health"), .predict("{")] {
                let (answer, rest) = try await suiteServer().connected { client in
                    try client.send(request)
                    client.finishSending()
                    return (try client.receive(), try client.receiveToEnd())
                }
                #expect([200, 400].contains(answer.status))
                #expect(rest.isEmpty)
            }
        }

        @Test("A client that stops in the middle of a body gets an error")
        func halfBody() async throws {
            let answer = try await suiteServer().connected { client in
                try client.send(Array(Self.abstract.dropLast(10)))
                client.finishSending()
                return try client.receive()
            }
            try answer.expectProblem(400, "the body ended early")
        }

        @Test("Clients that disconnect at any point do not harm the service", arguments: [1, 20, 60, 100, 140, 1_000])
        func vanish(after count: Int) async throws {
            let server = try suiteServer()
            for _ in 0..<10 {
                try await server.connected { client in
                    try client.send(Array(Self.abstract.prefix(count)))
                    if count == 1_000 { client.pause(milliseconds: 2) }
                    client.reset()
                }
                try await server.connected { client in
                    try client.send(Array(Self.abstract.prefix(count)))
                    client.close()
                }
            }
            try await server.expectToAnswer()
        }

        @Test("Clients that disconnect in the middle of an answer do not harm the service")
        func vanishDuringAnswer() async throws {
            let server = try suiteServer()
            for _ in 0..<3 {
                try await server.connected { client in
                    try client.send(Self.large + Self.large)
                    client.pause(milliseconds: 300)
                    client.reset()
                }
            }
            try await server.expectToAnswer()
        }

        @Test(
            "A thousand concurrent clients are all answered, and the service stays alive",
            .timeLimit(.minutes(1)))
        func thousand() async throws {
            let server = try suiteServer()
            try Self.allowDescriptors(4_096)
            let probes = Task {
                var slowest = Duration.zero
                while !Task.isCancelled {
                    let start = ContinuousClock.now
                    let answer = try await server.send(.request("GET /health/live"))
                    try #require(answer.status == 200)
                    slowest = max(slowest, ContinuousClock.now - start)
                }
                return slowest
            }
            let statuses = try await onOwnThread {
                let clients = try (0..<1_000).map { _ in try SocketClient(port: server.port, timeout: 60) }
                for client in clients { try client.send(Self.abstract) }
                return try clients.map { try $0.receive().status }
            }
            probes.cancel()
            #expect(statuses == [Int](repeating: 200, count: 1_000))
            #expect(try await probes.value < .seconds(10))
        }

        /// Raises how many files this process may hold open, as far as it may be raised.
        private static func allowDescriptors(_ count: rlim_t) throws {
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            guard limit.rlim_cur < count else { return }
            limit.rlim_cur = min(count, limit.rlim_max)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            try #require(limit.rlim_cur >= count, "this machine allows too few open files for this test")
        }
    }
}

@Suite("Idle connections")
struct IdleConnectionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let sent: [UInt8]
        let answers: Int
    }

    @Test(
        "A connection is closed after the idle timeout",
        arguments: [
            Row(testDescription: "nothing sent", sent: [], answers: 0),
            Row(testDescription: "half a head sent", sent: Array("POST /predict HTT".utf8), answers: 0),
            Row(
                testDescription: "half a body sent", sent: Array([UInt8].predict(#"{"abstract": "A."}"#).dropLast(4)),
                answers: 0),
            Row(testDescription: "one request answered", sent: .request("GET /health/live"), answers: 1),
        ])
    func idle(_ row: Row) async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.idleTimeout = 1
        try await RunningServer.with(settings) { server in
            let clock = ContinuousClock()
            let start = clock.now
            let answered = try await server.connected(timeout: 20) { client in
                try client.send(row.sent)
                for _ in 0..<row.answers { _ = try client.receive() }
                return try client.receiveToEnd()
            }
            #expect(!String(decoding: answered, as: UTF8.self).contains(" 200 "))
            #expect((0.9..<10).contains((clock.now - start) / .seconds(1)))
            try await server.expectToAnswer()
        }
    }

    @Test("A connection whose request head arrives too slowly is closed in time", .timeLimit(.minutes(1)))
    func tricklingHead() async throws {
        var settings = Settings.tiny("sequence-labeller-f32")
        settings.idleTimeout = 1
        try await RunningServer.with(settings) { server in
            let isClosed = try await server.connected { client in
                try client.send(Array("GET /health/live HTTP/1.1\r\nX-Slow: ".utf8))
                for _ in 0..<300 {
                    client.pause(milliseconds: 100)
                    do { try client.send([0x61]) } catch { return true }
                }
                return false
            }
            #expect(isClosed)
            try await server.expectToAnswer()
        }
    }

    @Test("A connection that waits for its answer is not idle")
    func working() async throws {
        var settings = Settings.shipped
        settings.idleTimeout = 1
        try await RunningServer.with(settings) { server in
            let sentences = repeatElement("\"Falls are common in adults older than 65 years.\"", count: 1_000)
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await server.send(.predict(#"{"sentences": [\#(sentences.joined(separator: ","))]}"#))
            #expect(answer.status == 200)
            #expect(clock.now - start > .seconds(1), "the work was too short to tell")
        }
    }
}
