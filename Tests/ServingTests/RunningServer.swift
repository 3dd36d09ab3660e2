import FoundationEssentials
import Hummingbird
import Labelling
import Logging
import ServiceLifecycle
import Serving
import TestSupport
import Testing

/// The real application on a port of its own.
struct RunningServer: Sendable {
    let port: Int
    private let group: ServiceGroup

    /// Runs the application while `body` runs, then stops it gracefully.
    ///
    /// - Parameters:
    ///   - settings: The port is the system's to choose.
    ///   - untilReady: Whether `body` begins once the checkpoint answers.
    ///   - body: Is given the server.
    /// - Throws: What `body` or the application throws.
    static func with(
        _ settings: Settings, untilReady: Bool = true, _ body: (RunningServer) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let (ports, bound) = AsyncStream<Int>.makeStream()
        let application = buildApplication(settings, logger: .silent) { port in bound.yield(port) }
        let group = ServiceGroup(configuration: .init(services: [application], logger: .silent))
        try await with(group, ports: ports, bound: bound, untilReady: untilReady, body)
    }

    /// Runs another application, such as one whose model never loads.
    static func with(
        routes: Router<BasicRequestContext>, _ body: (RunningServer) async throws -> Void
    ) async throws {
        let (ports, bound) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: routes, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.yield(channel.localAddress?.port ?? 0) }, logger: .silent)
        let group = ServiceGroup(configuration: .init(services: [application], logger: .silent))
        try await with(group, ports: ports, bound: bound, untilReady: false, body)
    }

    private static func with(
        _ group: ServiceGroup, ports: AsyncStream<Int>, bound: AsyncStream<Int>.Continuation, untilReady: Bool,
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { bound.finish() }
                try await group.run()
            }
            if let port = await ports.first(where: { _ in true }) {
                let server = RunningServer(port: port, group: group)
                let result = await Result {
                    if untilReady { try await server.becomeReady() }
                    try await body(server)
                }
                await server.stop()
                try await tasks.waitForAll()
                try result.get()
            } else {
                try await tasks.waitForAll()
            }
        }
    }

    /// Begins to shut down gracefully.
    func stop() async { await group.triggerGracefulShutdown() }

    private func becomeReady() async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while try await send(.request("GET /health/ready")).status != 200 {
            try #require(clock.now < deadline, "the service did not become ready")
            try await clock.sleep(for: .milliseconds(20))
        }
    }

    /// The answer to one request on a connection of its own.
    func send(_ request: [UInt8], hasBody: Bool = true) async throws -> HTTPAnswer {
        try await connected { client in
            try client.send(request)
            return try client.receive(hasBody: hasBody)
        }
    }

    /// Runs `work` on a thread of its own with a connection of its own.
    func connected<Value: Sendable>(
        timeout: Int = 30, _ work: @escaping @Sendable (SocketClient) throws -> Value
    ) async throws -> Value {
        let port = port
        return try await onOwnThread { try work(SocketClient(port: port, timeout: timeout)) }
    }

    /// Expects the server to label as it always does.
    func expectToAnswer(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await send(.predict(#"{"abstract": "Falls are common. We randomised 40 adults."}"#))
        #expect(answer.status == 200, comment, sourceLocation: sourceLocation)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension Logger {
    static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}

extension Settings {
    /// The shipped checkpoint, two batches at once.
    static var shipped: Settings {
        var settings = Settings(model: Locations.models.path(), threads: 1)
        settings.workers = 2
        // Other suites run at the same time, and what is refused for it would fail tests of other things.
        settings.batchLimits.wait = .seconds(60)
        return settings
    }

    /// One of the tiny checkpoints.
    static func tiny(_ name: String) -> Settings {
        Settings(model: Locations.fixtures.appending(path: "checkpoints/\(name)").path(), threads: 1)
    }
}
