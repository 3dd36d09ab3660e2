public import Kernels
public import Labelling

/// The settings of a service.
public struct Settings: Sendable {
    /// The checkpoints. The first one answers requests that name none.
    public var models: [ModelSource]
    /// The address on which the service listens.
    public var host = "127.0.0.1"
    /// The port on which the service listens; 0 lets the operating system choose one.
    public var port = 8080
    /// Threads that share one batch.
    public var threads: Int
    /// Precision of the encoder's matrix multiplications.
    public var precision = ProductPrecision.float32
    /// Batches that run at once.
    public var workers = 1
    /// Whether inline headings decide labels in requests that do not choose.
    public var headings = HeadingPolicy.use
    /// Overrides the checkpoint's `do_lower_case`.
    public var lowercase: Bool?
    /// The limits of one request.
    public var requestLimits = RequestLimits()
    /// The largest head of a request in bytes: the request line and all header fields.
    public var headBytes = 32 << 10
    /// The size of a batch and of the queue.
    public var batchLimits = BatchLimits()
    /// The longest time from a request's head to its labels, after which it is cancelled. A client may ask for less.
    public var requestTimeout = Duration.seconds(300)
    /// The longest time from a request's head to the end of its body.
    public var bodyTimeout = Duration.seconds(60)
    /// Seconds after which a connection is closed if its client starts no request or does not continue one.
    public var idleTimeout = 60
    /// The largest number of open connections; further ones wait to be accepted.
    public var connections = 4_096
    /// The time from a request to stop, which ends readiness, until new connections are refused: as long as load
    /// balancers take to notice.
    public var drainDelay = Duration.zero
    /// The time that requests in flight have to finish after the drain delay.
    public var shutdownTimeout = Duration.seconds(30)
    /// The time between two self-checks of every checkpoint.
    public var selfCheckInterval = Duration.seconds(30)
    /// The file with the API keys; if absent, requests need no key.
    public var apiKeys: String?
    /// Who may reload checkpoints over HTTP.
    public var reloading = ReloadAccess.nobody
    /// The origins whose pages may use the service; `*` allows all.
    public var corsOrigins: [String] = []
    /// The number of recent abstracts that are compared with a checkpoint's profile.
    public var driftWindow = 2_000
    /// Whether the log records the bodies of requests.
    public var logsTexts = false

    /// The settings of the models.
    var ofModels: ModelSettings {
        ModelSettings(
            sources: models, precision: precision, lowercase: lowercase, workers: workers, threads: threads,
            requestLimits: requestLimits, batchLimits: batchLimits, selfCheckInterval: selfCheckInterval,
            driftWindow: driftWindow)
    }

    /// The settings of requests.
    var ofRequests: RequestSettings {
        RequestSettings(limits: requestLimits, headings: headings, timeout: requestTimeout, logsTexts: logsTexts)
    }

    /// Creates the default settings for checkpoints and a number of threads.
    public init(models: [ModelSource], threads: Int) {
        self.models = models
        self.threads = threads
    }
}
