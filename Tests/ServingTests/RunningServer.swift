import FoundationEssentials
import Hummingbird
import Labelling
import Logging
import ServiceLifecycle
import Serving
import Synchronization
import TestSupport
import Testing

/// The real application on a port of its own.
final class RunningServer: Sendable {
    let port: Int
    private let signals: AsyncStream<ServiceSignal>.Continuation
    private let isStopping = Mutex(false)

    private init(port: Int, signals: AsyncStream<ServiceSignal>.Continuation) {
        self.port = port
        self.signals = signals
    }

    /// Runs the application while `body` runs, then stops it gracefully.
    ///
    /// - Parameters:
    ///   - settings: The port is the system's to choose.
    ///   - untilReady: Whether `body` begins once the checkpoint answers.
    ///   - logger: Its log.
    ///   - body: Is given the server.
    /// - Throws: What `body` or the application throws.
    static func with(
        _ settings: Settings, untilReady: Bool = true, logger: Logger = .silent,
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let service = try LabellingService(settings, logger: logger)
        let (signals, told) = AsyncStream<ServiceSignal>.makeStream()
        try await with(told: told, untilReady: untilReady, body) { onServerRunning in
            _ = try await service.run(signals: signals, onServerRunning: onServerRunning)
        }
    }

    /// Runs other routes, such as those of a model that never loads.
    static func with(
        routes: Router<ServiceContext>, _ body: (RunningServer) async throws -> Void
    ) async throws {
        let responder = routes.buildResponder()
        let (signals, told) = AsyncStream<ServiceSignal>.makeStream()
        try await with(told: told, untilReady: false, body) { onServerRunning in
            let application = Application(
                responder: responder, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? 0) },
                logger: .silent)
            let group = ServiceGroup(configuration: .init(services: [application], logger: .silent))
            async let end: Void = group.run()
            for await _ in signals.prefix(1) { await group.triggerGracefulShutdown() }
            try await end
        }
    }

    private static func with(
        told signals: AsyncStream<ServiceSignal>.Continuation, untilReady: Bool,
        _ body: (RunningServer) async throws -> Void,
        run: @escaping @Sendable (_ onServerRunning: @escaping @Sendable (Int) async -> Void) async throws -> Void
    ) async throws {
        let (ports, bound) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { bound.finish() }
                try await run { port in bound.yield(port) }
            }
            if let port = await ports.first(where: { _ in true }) {
                let server = RunningServer(port: port, signals: signals)
                let result = await Result {
                    if untilReady { try await server.becomeReady() }
                    try await body(server)
                }
                server.stop()
                try await tasks.waitForAll()
                try result.get()
            } else {
                try await tasks.waitForAll()
            }
        }
    }

    /// Tells the service something while it runs.
    func tell(_ signal: ServiceSignal) { signals.yield(signal) }

    /// Tells the service to end well, once: the second time would end it at once.
    func stop() {
        isStopping.withLock { isStopping in
            if !isStopping { tell(.stop) }
            isStopping = true
        }
    }

    private func becomeReady() async throws {
        try await eventually { try await send(.request("GET /health/ready")).status == 200 }
    }

    /// Waits until something holds.
    func eventually(
        sourceLocation: SourceLocation = #_sourceLocation, _ holds: () async throws -> Bool
    ) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while try await !holds() {
            try #require(clock.now < deadline, "it did not come to hold", sourceLocation: sourceLocation)
            try await clock.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until nobody listens any longer.
    func expectToEnd() async throws {
        let port = port
        try await eventually { (try? await onOwnThread { try SocketClient(port: port).close() }) == nil }
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
        var settings = Settings(models: [ModelSource(directory: Locations.models.path())], threads: 1)
        settings.workers = 2
        // Other suites run at the same time, and what is refused for it would fail tests of other things.
        settings.batchLimits.wait = .seconds(60)
        return settings
    }

    /// One of the tiny checkpoints.
    static func tiny(_ name: String) -> Settings {
        Settings(models: [.tiny(name)], threads: 1)
    }
}

extension ModelSource {
    /// One of the tiny checkpoints.
    static func tiny(_ checkpoint: String, name: String? = nil) -> ModelSource {
        ModelSource(name: name, directory: Locations.fixtures.appending(path: "checkpoints/\(checkpoint)").path())
    }
}
