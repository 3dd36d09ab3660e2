import Foundation
import TestSupport
import Testing

@Suite("rubricator serve")
struct ServeTests {
    private let program = Program("rubricator")
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func checkpoint(_ name: String) -> String {
        Locations.fixtures.appending(path: "checkpoints/\(name)").path()
    }

    /// A line of the log.
    struct Line: Decodable {
        let level: String
        let message: String
        let url: String?
        let model: String?
        let how: String?
        let generation: Int?
    }

    private var errors: URL { directory.url.appending(path: "errors") }

    private func log() throws -> [Line] {
        try Data(contentsOf: errors).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Line.self, from: $0)
        }
    }

    /// Waits for a line of the log.
    private func line(where matches: (Line) -> Bool) async throws -> Line {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while clock.now < deadline {
            // The last line may be incomplete.
            if let line = try? log().first(where: matches) { return line }
            try await clock.sleep(for: .milliseconds(20))
        }
        return try #require(try log().first(where: matches), "it was not logged")
    }

    private func port() async throws -> Int {
        let url = try await line { $0.message == "listening" }.url
        return try #require(url.flatMap { Int($0.split(separator: ":").last ?? "") })
    }

    private func status(of request: [UInt8], port: Int) async throws -> Int {
        try await onOwnThread {
            let client = try SocketClient(port: port)
            try client.send(request)
            return try client.receive().status
        }
    }

    @Test("serve loads the checkpoints in the environment, reloads on SIGHUP, and shuts down gracefully on SIGTERM")
    func life() async throws {
        let models = "a=\(Self.checkpoint("sequence-labeller-f32")),b=\(Self.checkpoint("uncased-single-f32"))"
        let process = try program.start(
            ["serve", "--port", "0", "--threads", "1"], environment: ["RUBRICATOR_MODEL": models], errors: errors)
        _ = try await line { $0.message == "ready" }
        let port = try await port()
        for (query, expected) in [("", 200), ("?model=b", 200), ("?model=c", 404)] {
            let request = [UInt8].predict(#"{"abstract": "Falls are common."}"#, query: query)
            #expect(try await status(of: request, port: port) == expected)
        }
        kill(process.processIdentifier, SIGHUP)
        _ = try await line { $0.message == "loaded" && $0.model == "b" && $0.generation == 2 }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        #expect(try log().last?.message == "ended" && log().last?.how == "finished")
    }

    @Test("A second signal ends serve immediately")
    func interrupted() async throws {
        let process = try program.start(
            [
                "serve", "--port", "0", "--drain-delay", "60", "--model", Self.checkpoint("sequence-labeller-f32"),
            ], errors: errors)
        _ = try await line { $0.message == "ready" }
        process.interrupt()
        _ = try await line { $0.message == "draining" }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
    }

    @Test(
        "serve exits with the reason if a checkpoint or option cannot be used",
        arguments: [
            (["--model", "/nowhere"], 2, "/nowhere"), (["--api-keys", "/nowhere"], 2, "/nowhere"),
            (["--port", "70000"], 64, "expected a whole number from 0 to 65535"),
            (["--max-connections", "0"], 64, "is invalid for '--max-connections"),
            (["--admin-reload", "all"], 64, "admin-reload"),
        ] as [([String], Int32, String)])
    func refused(arguments: [String], status: Int32, says: String) throws {
        let outcome = try program.run(
            ["serve", "--port", "0", "--model", Self.checkpoint("sequence-labeller-f32")].dropLast(
                arguments.contains("--model") ? 2 : 0) + arguments)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
}
