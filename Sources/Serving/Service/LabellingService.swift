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
        let (events, happened) = AsyncStream<Event>.makeStream()
        let connections = Connections(metrics: metrics)
        // Apart, so that the end of one never cancels the other: a server that is cancelled while it accepts traps (SwiftNIO wants
        // every connection that was accepted to be handled), and a checkpoint that cannot be used is no reason for that.
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
            tasks.addTask { happened.yield(.serverEnded(await Result { try await server.run() })) }
            tasks.addTask { happened.yield(.modelsEnded(await Result { try await models.run() })) }
            tasks.addTask { for await signal in signals { happened.yield(.told(signal)) } }
            // One at a time; told while one goes on, there is another after it, as it may have begun too early.
            let (reloads, reload) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            tasks.addTask { for await _ in reloads { await self.reload() } }
            func after(_ time: Duration, _ event: Event) {
                tasks.addTask {
                    try? await Task.sleep(for: time)
                    happened.yield(event)
                }
            }
            var state = State()
            for await event in events {
                switch event {
                case .told(.reload): reload.yield()
                case .told(.stop) where !state.isStopping:
                    state.isStopping = true
                    logger.info("draining", metadata: ["drain_delay": "\(settings.drainDelay.inSeconds)"])
                    self.models.drain()
                    after(settings.drainDelay, .drained)
                case .told(.stop):
                    state.end = .interrupted
                    state.mustClose = true
                case .drained:
                    state.mustEnd = true
                    after(settings.shutdownTimeout, .timeIsOver)
                case .timeIsOver:
                    logger.warning("what is in progress takes too long and is broken off")
                    if case .finished = state.end { state.end = .brokenOff }
                    state.mustClose = true
                case .bound: state.isBound = true
                case .serverEnded(let result):
                    state.isServing = false
                    state.keep(result)
                    await models.triggerGracefulShutdown()
                case .modelsEnded(let result):
                    state.hasModels = false
                    state.keep(result)
                    state.mustClose = true
                case .closeAgain: break
                }
                if state.isServing, state.isBound, state.mustEnd || state.mustClose {
                    await server.triggerGracefulShutdown()
                }
                if state.isServing, state.mustClose {
                    // Again and again: the last ones may have been accepted just now.
                    connections.closeAll()
                    after(.milliseconds(50), .closeAgain)
                }
                if !state.isServing, !state.hasModels { break }
            }
            tasks.cancelAll()
            if let failure = state.failure { throw failure }
            return state.end
        }
    }

    /// What happens to a service while it runs.
    private enum Event: Sendable {
        case told(ServiceSignal)
        case bound
        case drained
        case timeIsOver
        case closeAgain
        case serverEnded(Result<Void, any Error>)
        case modelsEnded(Result<Void, any Error>)
    }

    /// How far a service has come.
    private struct State {
        var isBound = false
        var isServing = true
        var hasModels = true
        var isStopping = false
        /// No more connections are accepted, and each is closed when it is idle.
        var mustEnd = false
        /// No connection is waited for.
        var mustClose = false
        var end = ServiceEnd.finished
        var failure: (any Error)?

        mutating func keep(_ result: Result<Void, any Error>) {
            if case .failure(let error) = result, failure == nil { failure = error }
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
                if case .loading = models.phase { isEarly = true }
                guard isEarly else {
                    return logger.error("reload refused", metadata: ["problem": "\(error)"])
                }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}

extension Result where Success == Void, Failure == any Error {
    fileprivate init(_ work: () async throws -> Void) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
