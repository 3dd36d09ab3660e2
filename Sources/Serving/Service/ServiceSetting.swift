/// One setting in ``Settings``: the only definition of its option, its environment variable, its range and its help.
///
/// The options of `rubricator serve`, their checks and the documentation are made from ``all``.
public struct ServiceSetting: Sendable {
    /// The name of the option without dashes, such as `max-wait`.
    public let name: String
    /// One sentence for `--help`, without the default.
    public let help: String
    /// The default in words.
    public let usual: String
    /// Sets the value in settings, and returns what was expected where the text is not a valid value.
    public let set: @Sendable (inout Settings, String) -> String?

    private typealias Path<Value> = any WritableKeyPath<Settings, Value> & Sendable

    /// The settings that have one value and are of the service alone, in the order of the help.
    public static let all: [ServiceSetting] = [
        ServiceSetting(name: "host", help: "Address to listen on.", usual: usual.host) { settings, text in
            settings.host = text
            return nil
        },
        .count("port", \.port, 0...65_535, "Port to listen on; 0 lets the system choose one."),
        .count("workers", \.workers, 1...1_024, "Number of batches that run at once, each on --threads threads."),
        .count(
            "max-head-bytes", \.headBytes, 1_024...(64 << 10),
            "Largest head of a request in bytes: the request line and all header fields."),
        .count(
            "max-body-bytes", \.requestLimits.bodyBytes, 1...(1 << 30),
            "Largest body of a request in bytes, after decompression; a line of NDJSON may be at most 1/32 of this."),
        .count(
            "max-items", \.requestLimits.items, 1...1_000_000,
            "Largest number of abstracts or texts in one request; NDJSON has no such limit."),
        .count(
            "max-sentences", \.requestLimits.sentences, 1...10_000_000, "Largest number of sentences in one request."),
        .count(
            "max-waiting-tokens", \.batchLimits.waitingTokens, 1...1_000_000_000,
            "Largest number of tokens in the queue. Requests beyond it are answered with 429."),
        .seconds(
            "max-wait", \.batchLimits.wait, 1,
            "Longest expected wait in seconds. Requests that would wait longer are answered with 429."),
        .count("batch-tokens", \.batchLimits.batchTokens, 1...1_000_000, "Target number of tokens in a batch."),
        .seconds(
            "request-timeout", \.requestTimeout, 1,
            "Seconds after which an unfinished request is answered with 504. Clients can set a shorter time with X-Request-Timeout."
        ),
        .seconds(
            "body-timeout", \.bodyTimeout, 1,
            "Seconds after which a request whose body has not arrived is answered with 408."),
        .count("idle-timeout", \.idleTimeout, 1...86_400, "Close a connection after N seconds without a request."),
        .count(
            "max-connections", \.connections, 1...1_000_000,
            "Largest number of open connections; further ones wait to be accepted."),
        .seconds(
            "drain-delay", \.drainDelay, 0,
            "After SIGTERM or SIGINT, report not ready but accept connections for N more seconds."),
        .seconds(
            "shutdown-timeout", \.shutdownTimeout, 0,
            "Wait up to N seconds for requests in flight, after the drain delay."),
        .seconds(
            "self-check-interval", \.selfCheckInterval, 1, "Run the self-check of each checkpoint every N seconds."),
        ServiceSetting(
            name: "api-keys",
            help: "File of API keys, one on each line. Requests then need the header Authorization: Bearer KEY.",
            usual: "no keys"
        ) { settings, text in
            settings.apiKeys = text
            return nil
        },
        ServiceSetting(
            name: "admin-reload",
            help: "Access to POST /admin/reload: off, loopback (this machine) or key (clients with an API key).",
            usual: usual.reloading.rawValue
        ) { settings, text in
            guard let access = ReloadAccess(rawValue: text) else { return "off, loopback or key" }
            settings.reloading = access
            return nil
        },
        .count(
            "drift-window", \.driftWindow, 10...1_000_000,
            "Number of recent abstracts to compare with the checkpoint's profile.json."),
        ServiceSetting(
            name: "log-texts", help: "Whether to log the bodies of requests: true or false.",
            usual: "\(usual.logsTexts)"
        ) { settings, text in
            guard let value = Bool(text) else { return "true or false" }
            settings.logsTexts = value
            return nil
        },
    ]

    /// The help with the default.
    public var helpWithDefault: String { "\(help.dropLast()) (default: \(usual))." }

    /// The setting with a name; `nil` where there is none.
    public static func named(_ name: String) -> ServiceSetting? { all.first { $0.name == name } }

    private static let usual = Settings(models: [], threads: 1)

    private static func count(
        _ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ help: String
    ) -> ServiceSetting {
        ServiceSetting(name: name, help: help, usual: "\(usual[keyPath: path])") { settings, text in
            guard let value = Int(text), range.contains(value) else {
                return "a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            settings[keyPath: path] = value
            return nil
        }
    }

    private static func seconds(
        _ name: String, _ path: Path<Duration>, _ least: Int, _ help: String
    ) -> ServiceSetting {
        let longest = 86_400
        return ServiceSetting(name: name, help: help, usual: "\(Int(usual[keyPath: path] / .seconds(1)))") {
            settings, text in
            guard let value = Int(text), (least...longest).contains(value) else {
                return "a whole number of seconds from \(least) to \(longest)"
            }
            settings[keyPath: path] = .seconds(value)
            return nil
        }
    }
}
