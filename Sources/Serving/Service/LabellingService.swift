internal import Hummingbird
public import Logging
internal import NIOCore
internal import ServiceLifecycle

/// A request of the operator to a running service.
public enum ServiceSignal: Sendable {
    /// Shut down gracefully; a second time, close all connections and exit.
    case stop
    /// Read the checkpoints and the API keys again.
    case reload
}

/// How a service has ended.
public enum ServiceEnd: Sendable {
    /// All requests in flight were answered.
    case finished
    /// Requests in flight took longer than the shutdown timeout and were cut off.
    case brokenOff
    /// The operator asked a second time to stop.
    case interrupted
}

/// The HTTP service: its server, its models and its API keys.
public struct LabellingService: Sendable {
    private let settings: Settings
    private let logger: Logger
    private let metrics: ServiceMetrics
    private let models: ModelService
    private let keys: APIKeys?

    /// Creates a service that binds its port and loads its checkpoints when it runs.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - logger: The log.
    ///   - droppedLogLines: The number of lines that the log has dropped since the start.
    /// - Throws: `APIKeys.Failure` if the file of API keys cannot be used.
    public init(
        _ settings: Settings, logger: Logger, droppedLogLines: @escaping @Sendable () -> Int = { 0 }
    ) throws {
        metrics = ServiceMetrics(
            measuring: Endpoint.measured, codes: ProblemCode.allCases.map(\.rawValue), droppedLogLines: droppedLogLines)
        self.settings = settings
        self.logger = logger
        models = ModelService(settings.ofModels, metrics: metrics, logger: logger)
        keys = try settings.apiKeys.map(APIKeys.init(file:))
    }

    /// Binds the port at once, loads the checkpoints in the background, and answers requests until the operator asks to
    /// stop.
    ///
    /// A graceful shutdown ends readiness at once. After the drain delay no more connections are accepted, and requests
    /// in flight have the shutdown timeout to finish.
    ///
    /// - Parameters:
    ///   - signals: The requests of the operator.
    ///   - onServerRunning: Receives the port once it is bound.
    /// - Returns: How the service has ended.
    /// - Throws: The reason why it cannot serve, such as a port that is in use or a checkpoint that cannot be loaded.
    public func run(
        signals: AsyncStream<ServiceSignal>,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws -> ServiceEnd {
        let (events, happened) = AsyncStream<ServiceState.Event>.makeStream()
        let connections = Connections(metrics: metrics)
        // Two groups, so that the end of one never cancels the other: a server that is cancelled while it accepts traps
        // (SwiftNIO wants every connection that was accepted to be handled), and a broken checkpoint should not cause
        // that.
        let server = ServiceGroup(
            configuration: .init(
                services: [
                    application(connections) { port in
                        happened.yield(.bound)
                        await onServerRunning(port)
                    }
                ], logger: logger))
        let models = ServiceGroup(configuration: .init(services: [models], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { happened.yield(.serverEnded(await Self.failure(of: { try await server.run() }))) }
            tasks.addTask { happened.yield(.modelsEnded(await Self.failure(of: { try await models.run() }))) }
            tasks.addTask { for await signal in signals { happened.yield(signal.event) } }
            // One reload at a time. A request during a reload causes another one, because the first may have read old
            // files.
            let (reloads, reload) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            tasks.addTask { for await _ in reloads { await self.reload() } }
            func after(_ time: Duration, _ event: ServiceState.Event) {
                tasks.addTask {
                    try? await Task.sleep(for: time)
                    happened.yield(event)
                }
            }
            var state = ServiceState()
            loop: for await event in events {
                for action in state.handle(event) {
                    switch action {
                    case .reload: reload.yield()
                    case .drain:
                        logger.info("draining", metadata: ["drain_delay": "\(settings.drainDelay.inSeconds)"])
                        self.models.drain()
                        after(settings.drainDelay, .drainDelayPassed)
                    case .startShutdownTimer: after(settings.shutdownTimeout, .shutdownTimeoutPassed)
                    case .reportTimeout:
                        logger.warning("shutdown timeout reached: closing connections with requests in flight")
                    case .stopServer: await server.triggerGracefulShutdown()
                    case .closeConnections:
                        connections.closeAll()
                        after(.milliseconds(50), .connectionsClosed)
                    case .stopModels: await models.triggerGracefulShutdown()
                    case .finish: break loop
                    }
                }
            }
            tasks.cancelAll()
            if let failure = state.failure { throw failure }
            return state.end
        }
    }

    /// The error that `work` throws; `nil` if it throws none.
    private static func failure(of work: () async throws -> Void) async -> (any Error)? {
        do {
            try await work()
            return nil
        } catch {
            return error
        }
    }

    private func application(
        _ connections: Connections, _ onServerRunning: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: routes(models, settings, metrics: metrics, keys: keys),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionSetup(
                            connections, headLimit: settings.headBytes,
                            idleTimeout: .seconds(Int64(settings.idleTimeout)),
                            bodyTimeout: TimeAmount(settings.bodyTimeout))
                    ])),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "rubricator", backlog: 1_024,
                availableConnectionsDelegate: .maximum(settings.connections, logger: logger)),
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? settings.port) },
            logger: logger)
    }

    /// Reloads checkpoints and API keys. SIGHUP arrives only once, so this retries while another reload is running or
    /// the first load has not finished.
    private func reload() async {
        while !Task.isCancelled {
            do {
                return try await models.reload(with: keys)
            } catch {
                var isEarly = error == .inProgress
                if models.phase == .loading { isEarly = true }
                guard isEarly else {
                    return logger.error("the checkpoints were not reloaded", metadata: ["reason": "\(error)"])
                }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}

extension ServiceSignal {
    /// The signal as an event of the service's life.
    fileprivate var event: ServiceState.Event {
        switch self {
        case .stop: .stopRequested
        case .reload: .reloadRequested
        }
    }
}
