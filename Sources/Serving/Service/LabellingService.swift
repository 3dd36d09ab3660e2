internal import Hummingbird
public import Logging
internal import NIOCore
internal import ServiceLifecycle

/// What an operator tells a service that runs.
public enum ServiceSignal: Sendable {
    /// To end well; told a second time, to end at once.
    case stop
    /// To read the checkpoints and the keys anew.
    case reload
}

/// How a service ended.
public enum ServiceEnd: Sendable {
    /// Everything that was asked has been answered.
    case finished
    /// What was in progress took longer than the shutdown timeout.
    case brokenOff
    /// Told twice to stop.
    case interrupted
}

/// A service from its start to its end.
public struct LabellingService: Sendable {
    private let settings: Settings
    private let logger: Logger
    private let metrics = ServiceMetrics(measuring: Endpoint.measured)
    private let models: ModelService
    private let keys: APIKeys?

    /// A service that binds and loads when it is run.
    ///
    /// - Throws: `APIKeys.Failure` where the file of keys cannot be used.
    public init(_ settings: Settings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        models = ModelService(settings.ofModels, metrics: metrics, logger: logger)
        keys = try settings.apiKeys.map(APIKeys.init(file:))
    }

    /// Binds the port at once, loads the checkpoints behind it, and answers until it is told to stop. Then readiness ends at once;
    /// after the drain delay no more connections are accepted; what is in progress has the shutdown timeout.
    ///
    /// - Parameters:
    ///   - signals: What it is told while it runs.
    ///   - onServerRunning: Is told the port once it is bound.
    /// - Returns: How it ended.
    /// - Throws: Whatever makes it unable to serve, such as a port that is taken or a checkpoint that cannot be used.
    public func run(
        signals: AsyncStream<ServiceSignal>,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws -> ServiceEnd {
        let (events, happened) = AsyncStream<ServiceState.Event>.makeStream()
        let connections = Connections(metrics: metrics)
        // Two groups, so that the end of one never cancels the other: a server that is cancelled while it accepts traps (SwiftNIO
        // wants every connection that was accepted to be handled), and a checkpoint that cannot be used is no reason for that.
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
            // One reload at a time. A request during a reload causes another one, because the first may have read old files.
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
                    case .reportTimeout: logger.warning("what is in progress takes too long and is broken off")
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
                            connections, idleTimeout: .seconds(Int64(settings.idleTimeout)),
                            bodyTimeout: TimeAmount(settings.bodyTimeout))
                    ])),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "rubricator", backlog: 1_024,
                availableConnectionsDelegate: .maximum(settings.connections, logger: logger)),
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? settings.port) },
            logger: logger)
    }

    /// Nobody tells a second time, so that it waits where one goes on already or the first checkpoints are loaded.
    private func reload() async {
        while !Task.isCancelled {
            do {
                return try await models.reload(with: keys)
            } catch {
                var isEarly = error == .inProgress
                if models.phase == .loading { isEarly = true }
                guard isEarly else {
                    return logger.error("reload refused", metadata: ["problem": "\(error)"])
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
