public import ArgumentParser
import Console
import Hummingbird
public import Logging
import Serving

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers POST /predict and GET /health over HTTP.",
        discussion: "Every option has an environment twin: RUBRICATOR_ and its name, such as RUBRICATOR_PORT.")

    @OptionGroup var model: ModelOptions

    @Option(help: "The address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on; 0 for any free one (default: 8080).")
    var port: Int?

    @Option(help: "Batches that run at once, each on --threads threads (default: 1).")
    var workers: Int?

    @Option(help: "The name answers carry (default: the checkpoint's own).")
    var modelName: String?

    @Option(help: "The largest body in bytes (default: 8388608).")
    var maxBodyBytes: Int?

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

    @Option(help: "Seconds after which an idle connection is closed (default: 60).")
    var idleTimeout: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical (default: info).")
    var logLevel: Logger.Level?

    func run() async throws {
        let environment = Environment()
        var settings = Settings(
            model: try model.directory(environment), threads: try model.threadCount(environment))
        settings.modelName = try environment.resolve(modelName, "model-name")
        settings.host = try environment.resolve(host, "host") ?? settings.host
        settings.precision = try model.productPrecision(environment)
        settings.headings = try model.headingPolicy(environment)
        settings.lowercase = try environment.resolve(model.lowercase, "lowercase")
        try number(&settings.port, port, "port", 0...65_535, environment)
        try number(&settings.workers, workers, "workers", 1...1_024, environment)
        try number(&settings.requestLimits.bodyBytes, maxBodyBytes, "max-body-bytes", 1...(1 << 30), environment)
        try number(&settings.requestLimits.sentences, maxSentences, "max-sentences", 1...10_000_000, environment)
        try number(
            &settings.batchLimits.waitingTokens, maxWaitingTokens, "max-waiting-tokens", 1...1_000_000_000, environment)
        try number(&settings.batchLimits.batchTokens, batchTokens, "batch-tokens", 1...1_000_000, environment)
        try seconds(&settings.batchLimits.wait, maxWait, "max-wait", environment)
        try seconds(&settings.requestTimeout, requestTimeout, "request-timeout", environment)
        try number(&settings.idleTimeout, idleTimeout, "idle-timeout", 1...86_400, environment)

        var logger = Logger(label: "rubricator", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = try environment.resolve(logLevel, "log-level") ?? .info
        let log = logger
        let host = settings.host
        let application = buildApplication(settings, logger: logger) { port in
            log.info("listening", metadata: ["url": "http://\(host):\(port)"])
        }
        do {
            try await application.runService()
        } catch {
            Terminal.complain("the service ended: \(error)")
            throw ExitCode.checkpoint
        }
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
        _ setting: inout Duration, _ flag: Int?, _ name: String, _ environment: Environment
    ) throws {
        var seconds = Int(setting / .seconds(1))
        try number(&seconds, flag, name, 1...86_400, environment)
        setting = .seconds(seconds)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
