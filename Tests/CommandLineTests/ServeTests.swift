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

    @Test("SIGTERM ends serve while it waits for a tracking server that does not answer", .timeLimit(.minutes(1)))
    func endsWhileFetching() async throws {
        // A socket that listens, but accepts no connection.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        try #require(listen(listener, 1) == 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(listener, $0, &size) }
        }
        try #require(found == 0)
        let port = UInt16(bigEndian: address.sin_port)
        let process = try program.start(
            [
                "serve", "--port", "0", "--model", "models:/m@champion", "--tracking-uri", "http://127.0.0.1:\(port)",
                "--model-cache", directory.url.appending(path: "cache").path(),
            ], errors: errors)
        try await Task.sleep(for: .seconds(1))
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        #expect(try log().last?.how == "stopped before the checkpoints were fetched")
    }

    @Test("serve answers and ends although nobody reads its log", .timeLimit(.minutes(1)))
    func unreadLog() async throws {
        try #require(unsafe mkfifo(errors.path(), 0o600) == 0)
        let reader = unsafe open(errors.path(), O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        // 1031 is F_SETPIPE_SZ, which Glibc's module lacks.
        try #require(fcntl(reader, 1031, 4_096) >= 0)
        let process = try program.start(
            ["serve", "--port", "0", "--threads", "1", "--model", Self.checkpoint("sequence-labeller-f32")],
            errors: errors)
        // Only the lines up to the port are read.
        var text = ""
        let deadline = ContinuousClock.now + .seconds(30)
        while !text.contains("\"ready\""), ContinuousClock.now < deadline {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = unsafe read(reader, &bytes, bytes.count)
            text += String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
        let match = try #require(text.firstMatch(of: /127\.0\.0\.1:(\d+)/))
        let port = try #require(Int(match.1))
        for _ in 0..<100 {
            let request = [UInt8].predict(#"{"abstract": "Falls are common."}"#)
            #expect(try await status(of: request, port: port) == 200)
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }

    @Test(
        "serve exits with the reason if a checkpoint or option cannot be used",
        arguments: [
            (["--model", "/nowhere"], 2, "/nowhere"), (["--api-keys", "/nowhere"], 2, "/nowhere"),
            (["--port", "70000"], 64, "expected a whole number from 0 to 65535"),
            (["--max-connections", "0"], 64, "is invalid for '--max-connections"),
            (["--admin-reload", "all"], 64, "admin-reload"),
            (
                ["--model", "models:/m@champion", "--tracking-uri", "http://127.0.0.1:1"], 2,
                "cannot fetch the checkpoint"
            ),
        ] as [([String], Int32, String)])
    func refused(arguments: [String], status: Int32, says: String) throws {
        let outcome = try program.run(
            ["serve", "--port", "0", "--model", Self.checkpoint("sequence-labeller-f32")].dropLast(
                arguments.contains("--model") ? 2 : 0) + arguments)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
}
