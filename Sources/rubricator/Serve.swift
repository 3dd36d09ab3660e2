public import ArgumentParser
import CMalloc
import Console
import Glibc
import Hummingbird
public import Logging
import MLflow
import Serving
import Synchronization
import UnixSignals

/// A setting of the service that the command line gives.
struct GivenServiceSetting: Sendable {
    /// The name of the option without dashes.
    let name: String
    /// The value as given.
    let value: String
}

extension Option where Value == GivenServiceSetting? {
    /// The option of a service setting: name and help come from `ServiceSetting.all`.
    ///
    /// - Parameter name: The name of the option without dashes.
    init(_ name: String) {
        guard let setting = ServiceSetting.named(name) else {
            preconditionFailure("\(name) is not a setting of the service")
        }
        self.init(
            name: .customLong(name), parsing: .unconditional, help: ArgumentHelp(setting.helpWithDefault)
        ) { text in
            var settings = Settings(models: [], threads: 1)
            if let expected = setting.set(&settings, text) {
                throw ValidationError("expected \(expected).")
            }
            return GivenServiceSetting(name: name, value: text)
        }
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the labelling API over HTTP: POST /predict, GET /health and more.",
        discussion: """
            Every option can also be set by an environment variable: RUBRICATOR_PORT sets --port. In a variable, separate \
            several values with commas.

            SIGTERM or SIGINT shuts down gracefully; a second signal exits immediately. SIGHUP reloads checkpoints and API keys.
            """)

    @Option(
        help:
            "Checkpoint to serve, as NAME=DIRECTORY or DIRECTORY. Repeat it to serve several; requests that name no model use the first (default: Models). Instead of a directory it can be runs:/ID/model, models:/NAME@alias or best:EXPERIMENT?metric=NAME on a tracking server."
    )
    var model: [String] = []

    @OptionGroup(title: "Tracking server") var tracker: TrackerOptions

    @Option(
        help:
            "Poll the tracking server every N seconds and switch to the new checkpoint when a name or alias has moved (default: never)."
    )
    var followModels: Int?

    @OptionGroup var running: RunningOptions

    @Option("host") private var host: GivenServiceSetting?
    @Option("port") private var port: GivenServiceSetting?
    @Option("workers") private var workers: GivenServiceSetting?
    @Option("max-head-bytes") private var maxHeadBytes: GivenServiceSetting?
    @Option("max-body-bytes") private var maxBodyBytes: GivenServiceSetting?
    @Option("max-items") private var maxItems: GivenServiceSetting?
    @Option("max-sentences") private var maxSentences: GivenServiceSetting?
    @Option("max-waiting-tokens") private var maxWaitingTokens: GivenServiceSetting?
    @Option("max-wait") private var maxWait: GivenServiceSetting?
    @Option("batch-tokens") private var batchTokens: GivenServiceSetting?
    @Option("request-timeout") private var requestTimeout: GivenServiceSetting?
    @Option("body-timeout") private var bodyTimeout: GivenServiceSetting?
    @Option("idle-timeout") private var idleTimeout: GivenServiceSetting?
    @Option("max-connections") private var maxConnections: GivenServiceSetting?
    @Option("drain-delay") private var drainDelay: GivenServiceSetting?
    @Option("shutdown-timeout") private var shutdownTimeout: GivenServiceSetting?
    @Option("self-check-interval") private var selfCheckInterval: GivenServiceSetting?
    @Option("api-keys") private var apiKeys: GivenServiceSetting?
    @Option("admin-reload") private var adminReload: GivenServiceSetting?

    @Option(
        help:
            "Origin whose pages may send requests, such as https://example.org, or *. Repeat it for several (default: none)."
    )
    var corsOrigin: [String] = []

    @Option("drift-window") private var driftWindow: GivenServiceSetting?

    @Option(help: "Least severe level to log: trace, debug, info, notice, warning, error or critical (default: info).")
    var logLevel: Logger.Level?

    @Option(help: "Format of the log: json, text, or auto (text on a terminal) (default: auto).")
    var logFormat: LogFormat?

    @Option("log-texts") private var logTexts: GivenServiceSetting?

    func run() async throws {
        let environment = Environment()
        let (logger, log) = try logger(environment)
        do {
            try await serve(environment, logger, log)
        } catch {
            await log.flush(within: .seconds(1))
            throw error
        }
        await log.flush(within: .seconds(1))
    }

    private func serve(_ environment: Environment, _ logger: Logger, _ log: LogWriter) async throws {
        // Signals are trapped before anything is fetched: process 1 of a container ignores them otherwise.
        let lastResort = LastResort()
        defer { withExtendedLifetime(lastResort) {} }
        let trapped = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let fetching = Task { try await self.settings(environment, logger) }
        let (signals, told) = Self.signals(trapped) { fetching.cancel() }
        let (settings, followed): (Settings, FollowedModels?)
        do {
            (settings, followed) = try await fetching.value
        } catch is CancellationError {
            logger.info("ended", metadata: ["how": "stopped before the checkpoints were fetched"])
            return
        }
        let patience = (settings.drainDelay + settings.shutdownTimeout) / .seconds(1)
        lastResort.patience.store(Int(patience) + 5, ordering: .relaxed)
        try allowDescriptors(for: settings.connections)
        Self.returnFreedMemory()
        let end: ServiceEnd
        do {
            let service = try LabellingService(settings, logger: logger, droppedLogLines: { log.droppedLines })
            let following = followed.map { followed in Task { await followed.run(logger) { told.yield(.reload) } } }
            defer { following?.cancel() }
            end = try await service.run(signals: signals) { port in
                logger.info("listening", metadata: ["url": "http://\(settings.host):\(port)"])
            }
        } catch {
            logger.critical("the service failed: \(error)")
            throw ExitCode.checkpoint
        }
        logger.info("ended", metadata: ["how": "\(end)"])
        if case .interrupted = end { throw ExitCode.interrupted }
    }

    private func settings(_ environment: Environment, _ logger: Logger) async throws -> (Settings, FollowedModels?) {
        var sources = try (model.isEmpty ? tracker.usualModels(environment) : model).map(ModelSource.init)
        let followed = try await fetch(&sources, environment, logger)
        var settings = Settings(models: sources, threads: try running.threadCount(environment))
        settings.precision = try running.productPrecision(environment)
        settings.headings = try running.headingPolicy(environment)
        settings.lowercase = try environment.resolve(running.lowercase, "lowercase")
        settings.corsOrigins = try environment.resolve(corsOrigin, "cors-origin")
        try apply(to: &settings, environment)
        return (settings, followed)
    }

    /// Sets every service setting that the command line or else the environment gives.
    private func apply(to settings: inout Settings, _ environment: Environment) throws {
        let given = Mirror(reflecting: self).children.compactMap { child in
            (child.value as? Option<GivenServiceSetting?>)?.wrappedValue
        }
        for setting in ServiceSetting.all {
            let option = given.first { $0.name == setting.name }?.value
            guard let text = option ?? environment.value(of: setting.name) else { continue }
            guard let expected = setting.set(&settings, text) else { continue }
            throw ValidationError("\(Environment.variable(setting.name)) is \"\(text)\"; expected \(expected).")
        }
    }

    /// Fetches the checkpoints of a tracking server and replaces their references with directories.
    ///
    /// - Returns: The models to poll for; `nil` where polling is off.
    private func fetch(
        _ sources: inout [ModelSource], _ environment: Environment, _ logger: Logger
    ) async throws -> FollowedModels? {
        let wanted = try environment.resolve(followModels, "follow-models")
        let interval = wanted ?? 0
        guard wanted == nil || (1...86_400).contains(interval) else {
            throw ValidationError("--follow-models is \(interval); expected a whole number of seconds from 1 to 86400.")
        }
        do {
            let locations = try sources.map { try ModelLocation($0.directory) }
            guard locations.contains(where: { $0 != nil }) else { return nil }
            let cache = try tracker.cache(environment)
            var followed = FollowedModels(cache: cache, interval: .seconds(interval))
            for (index, location) in locations.enumerated() {
                guard let location else { continue }
                let entry = try await cache.fetch(location)
                if let staleness = entry.staleness {
                    logger.warning("\(location) is served from the cache: \(staleness)")
                }
                sources[index].directory = entry.link
                followed.names[location] = entry.name
            }
            return interval > 0 ? followed : nil
        } catch let error as MLflowError {
            logger.critical("cannot fetch the checkpoint: \(error)")
            throw ExitCode.checkpoint
        }
    }

    private func logger(_ environment: Environment) throws -> (Logger, LogWriter) {
        let format: LineLogHandler.Format =
            switch try environment.resolve(logFormat, "log-format") ?? .auto {
            case .text: .text
            case .json: .json
            case .auto: isatty(STDERR_FILENO) == 1 ? .text : .json
            }
        let writer = LogWriter(to: STDERR_FILENO) { count in
            LineLogHandler.line(
                format, .warning, "log lines were dropped, because nobody read them in time",
                ["lines": .stringConvertible(count)])
        }
        var logger = Logger(label: "rubricator") { _ in LineLogHandler(format, write: writer.write) }
        logger.logLevel = try environment.resolve(logLevel, "log-level") ?? .info
        return (logger, writer)
    }

    /// The signals of the process, as the service takes them. `onStop` is called for each request to stop.
    private static func signals(
        _ trapped: UnixSignalsSequence, onStop: @escaping @Sendable () -> Void
    ) -> (AsyncStream<ServiceSignal>, AsyncStream<ServiceSignal>.Continuation) {
        let (signals, told) = AsyncStream<ServiceSignal>.makeStream()
        Task {
            for await signal in trapped {
                if signal != .sighup { onStop() }
                told.yield(signal == .sighup ? .reload : .stop)
            }
        }
        return (signals, told)
    }

    /// Makes the allocator return the memory of large requests to the system. It would otherwise keep that memory once for each
    /// thread, so that memory would grow whenever large requests coincide.
    private static func returnFreedMemory() {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 1 << 18)
            mallopt(M_ARENA_MAX, 2)
        #endif
    }

    /// Raises the limit of open files to the number that the connections may need.
    private func allowDescriptors(for connections: Int) throws {
        // The log, the event loops and the checkpoints need the rest.
        let wanted = rlim_t(connections + 128)
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < wanted else { return }
        throw ValidationError(
            "\(connections) connections need \(wanted) open files, but the process may open \(limit.rlim_cur); lower --max-connections or raise ulimit -n."
        )
    }
}

/// Format of the log.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case json, text, auto
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
