public import ArgumentParser
import CMalloc
import Console
import Glibc
import Hummingbird
public import Logging
import MLflow
import Serving
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers POST /predict and GET /health over HTTP.",
        discussion: """
            Every option has an environment twin: RUBRICATOR_ and its name, such as RUBRICATOR_PORT; several values of one are \
            separated by commas there.

            SIGTERM or SIGINT ends it well, a second one at once. SIGHUP has it read the checkpoints and the keys anew.
            """)

    @Option(
        help:
            "A checkpoint as NAME=DIRECTORY or DIRECTORY; several where given several times, the first is the default (default: Models). A tracker's are runs:/ID/model, models:/NAME@alias or best:EXPERIMENT?metric=NAME in place of the directory."
    )
    var model: [String] = []

    @OptionGroup(title: "Tracker") var tracker: TrackerOptions

    @Option(
        help:
            "Seconds between two looks whether the tracker's names lead to other checkpoints, which are then taken (default: never)."
    )
    var followModels: Int?

    @OptionGroup var running: RunningOptions

    @Option(help: "The address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on; 0 for any free one (default: 8080).")
    var port: Int?

    @Option(help: "Batches that run at once, each on --threads threads (default: 1).")
    var workers: Int?

    @Option(help: "The largest body in bytes, decompressed; a line of NDJSON may have a 32nd of it (default: 8388608).")
    var maxBodyBytes: Int?

    @Option(help: "The most abstracts of one request that is not NDJSON (default: 1000).")
    var maxItems: Int?

    @Option(help: "The most sentences of one request (default: 20000).")
    var maxSentences: Int?

    @Option(help: "Tokens that may wait before requests are answered 429 (default: 1000000).")
    var maxWaitingTokens: Int?

    @Option(help: "Seconds a request may expect to wait for its turn before it is answered 429 (default: 10).")
    var maxWait: Int?

    @Option(help: "Tokens a batch is filled up to (default: 1024).")
    var batchTokens: Int?

    @Option(help: "Seconds before a request is answered 504; X-Request-Timeout asks for less (default: 300).")
    var requestTimeout: Int?

    @Option(help: "Seconds before a body that does not come is answered 408 (default: 60).")
    var bodyTimeout: Int?

    @Option(help: "Seconds after which an idle connection is closed (default: 60).")
    var idleTimeout: Int?

    @Option(help: "Connections at once; more wait to be accepted (default: 4096).")
    var maxConnections: Int?

    @Option(help: "Seconds between SIGTERM, when readiness ends, and refusing connections (default: 0).")
    var drainDelay: Int?

    @Option(help: "Seconds that what is in progress has after that (default: 30).")
    var shutdownTimeout: Int?

    @Option(help: "Seconds between two checks that every checkpoint still gives numbers (default: 30).")
    var selfCheckInterval: Int?

    @Option(help: "A file of keys, one a line; requests then need one as Authorization: Bearer KEY.")
    var apiKeys: String?

    @Option(help: "Who may POST /admin/reload: off, loopback or key (default: off).")
    var adminReload: ReloadAccess?

    @Option(
        help: "An origin whose pages may ask, such as https://example.org, or *; several where given several times.")
    var corsOrigin: [String] = []

    @Option(help: "The last abstracts that are compared with those a checkpoint was measured on (default: 2000).")
    var driftWindow: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical (default: info).")
    var logLevel: Logger.Level?

    @Option(help: "json, text, or auto: text on a terminal (default: auto).")
    var logFormat: LogFormat?

    @Option(help: "Whether the log gets what was sent: true or false (default: false).")
    var logTexts: Bool?

    func run() async throws {
        let environment = Environment()
        let logger = try logger(environment)
        let (settings, followed) = try await settings(environment, logger)
        try allowDescriptors(for: settings.connections)
        Self.returnFreedMemory()
        let end: ServiceEnd
        do {
            let service = try LabellingService(settings, logger: logger)
            let (signals, told) = await Self.signals()
            let following = followed.map { followed in Task { await followed.run(logger) { told.yield(.reload) } } }
            defer { following?.cancel() }
            end = try await service.run(signals: signals) { port in
                logger.info("listening", metadata: ["url": "http://\(settings.host):\(port)"])
            }
        } catch {
            logger.critical("the service ended: \(error)")
            throw ExitCode.checkpoint
        }
        logger.info("ended", metadata: ["how": "\(end)"])
        if case .interrupted = end { throw ExitCode.interrupted }
    }

    private func settings(_ environment: Environment, _ logger: Logger) async throws -> (Settings, FollowedModels?) {
        var sources = try (model.isEmpty ? tracker.usualModels(environment) : model).map(ModelSource.init)
        let followed = try await fetch(&sources, environment, logger)
        var settings = Settings(models: sources, threads: try running.threadCount(environment))
        settings.host = try environment.resolve(host, "host") ?? settings.host
        settings.precision = try running.productPrecision(environment)
        settings.headings = try running.headingPolicy(environment)
        settings.lowercase = try environment.resolve(running.lowercase, "lowercase")
        try number(&settings.port, port, "port", 0...65_535, environment)
        try number(&settings.workers, workers, "workers", 1...1_024, environment)
        try number(&settings.requestLimits.bodyBytes, maxBodyBytes, "max-body-bytes", 1...(1 << 30), environment)
        try number(&settings.requestLimits.items, maxItems, "max-items", 1...1_000_000, environment)
        try number(&settings.requestLimits.sentences, maxSentences, "max-sentences", 1...10_000_000, environment)
        try number(
            &settings.batchLimits.waitingTokens, maxWaitingTokens, "max-waiting-tokens", 1...1_000_000_000, environment)
        try number(&settings.batchLimits.batchTokens, batchTokens, "batch-tokens", 1...1_000_000, environment)
        try seconds(&settings.batchLimits.wait, maxWait, "max-wait", 1, environment)
        try seconds(&settings.requestTimeout, requestTimeout, "request-timeout", 1, environment)
        try seconds(&settings.bodyTimeout, bodyTimeout, "body-timeout", 1, environment)
        try number(&settings.idleTimeout, idleTimeout, "idle-timeout", 1...86_400, environment)
        try number(&settings.connections, maxConnections, "max-connections", 1...1_000_000, environment)
        try seconds(&settings.drainDelay, drainDelay, "drain-delay", 0, environment)
        try seconds(&settings.shutdownTimeout, shutdownTimeout, "shutdown-timeout", 0, environment)
        try seconds(&settings.selfCheckInterval, selfCheckInterval, "self-check-interval", 1, environment)
        settings.apiKeys = try environment.resolve(apiKeys, "api-keys")
        settings.reloading = try environment.resolve(adminReload, "admin-reload") ?? settings.reloading
        settings.corsOrigins = try environment.resolve(corsOrigin, "cors-origin")
        try number(&settings.driftWindow, driftWindow, "drift-window", 10...1_000_000, environment)
        settings.logsTexts = try environment.resolve(logTexts, "log-texts") ?? settings.logsTexts
        return (settings, followed)
    }

    /// Puts the directories of a tracker's checkpoints in the place of their names.
    ///
    /// - Returns: Those to look at again, where that is asked for.
    private func fetch(
        _ sources: inout [ModelSource], _ environment: Environment, _ logger: Logger
    ) async throws -> FollowedModels? {
        var interval = 0
        try number(&interval, followModels, "follow-models", 1...86_400, environment)
        do {
            let locations = try sources.map { try ModelLocation($0.directory) }
            guard locations.contains(where: { $0 != nil }) else { return nil }
            let cache = try tracker.cache(environment)
            var followed = FollowedModels(cache: cache, interval: .seconds(interval))
            for (index, location) in locations.enumerated() {
                guard let location else { continue }
                let entry = try await cache.fetch(location)
                if let staleness = entry.staleness {
                    logger.warning("\(location) is taken as it was: \(staleness)")
                }
                sources[index].directory = entry.link
                followed.names[location] = entry.name
            }
            return interval > 0 ? followed : nil
        } catch let error as MLflowError {
            logger.critical("the checkpoint cannot be fetched: \(error)")
            throw ExitCode.checkpoint
        }
    }

    private func logger(_ environment: Environment) throws -> Logger {
        let isText =
            switch try environment.resolve(logFormat, "log-format") ?? .auto {
            case .text: true
            case .json: false
            case .auto: isatty(STDERR_FILENO) == 1
            }
        var logger = Logger(label: "rubricator") { label -> any LogHandler in
            isText ? StreamLogHandler.standardError(label: label) : JSONLogHandler(label: label)
        }
        logger.logLevel = try environment.resolve(logLevel, "log-level") ?? .info
        return logger
    }

    /// What the process is told from outside, as the service takes it.
    private static func signals() async -> (AsyncStream<ServiceSignal>, AsyncStream<ServiceSignal>.Continuation) {
        let trapped = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let (signals, told) = AsyncStream<ServiceSignal>.makeStream()
        Task {
            for await signal in trapped { told.yield(signal == .sighup ? .reload : .stop) }
        }
        return (signals, told)
    }

    /// Has what large requests needed go back to the system once they are answered: the allocator would keep it, and as much again
    /// for each thread, so that memory grew with every unlucky meeting of large requests.
    private static func returnFreedMemory() {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 1 << 18)
            mallopt(M_ARENA_MAX, 2)
        #endif
    }

    /// Raises how many files this process may hold open to what its connections may take.
    private func allowDescriptors(for connections: Int) throws {
        // For the log, the event loops and the checkpoints.
        let wanted = rlim_t(connections + 128)
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < wanted else { return }
        throw ValidationError(
            "\(connections) connections take \(wanted) open files, and this process may have \(limit.rlim_cur); lower --max-connections or raise ulimit -n."
        )
    }

    private func number(
        _ setting: inout Int, _ flag: Int?, _ name: String, _ range: ClosedRange<Int>, _ environment: Environment
    ) throws {
        guard let value = try environment.resolve(flag, name) else { return }
        guard range.contains(value) else {
            throw ValidationError("\(name) is \(value); expected \(range.lowerBound) to \(range.upperBound).")
        }
        setting = value
    }

    private func seconds(
        _ setting: inout Duration, _ flag: Int?, _ name: String, _ least: Int, _ environment: Environment
    ) throws {
        var seconds = Int(setting / .seconds(1))
        try number(&seconds, flag, name, least...86_400, environment)
        setting = .seconds(seconds)
    }
}

/// How the log is written.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case json, text, auto
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension ReloadAccess: ExpressibleByArgument {}
