public import Kernels
public import Labelling

/// Everything a service can be told when it starts.
public struct Settings: Sendable {
    /// The checkpoints; the first answers where a request names none.
    public var models: [ModelSource]
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// 0 has the system choose one.
    public var port = 8080
    /// Threads that share one batch.
    public var threads: Int
    /// What the encoder's products are rounded to.
    public var precision = ProductPrecision.float32
    /// Batches that run at once.
    public var workers = 1
    /// What applies unless a request says otherwise.
    public var headings = HeadingPolicy.use
    /// Overrides the checkpoint's `do_lower_case`.
    public var lowercase: Bool?
    /// What one request may hold.
    public var requestLimits = RequestLimits()
    /// What runs together and what may wait.
    public var batchLimits = BatchLimits()
    /// From a request's head to the end of its batches, after which it is given up; a client may ask for less.
    public var requestTimeout = Duration.seconds(300)
    /// From a request's head to the end of its body.
    public var bodyTimeout = Duration.seconds(60)
    /// Seconds after which a connection is closed on which no request has begun, or one does not go on.
    public var idleTimeout = 60
    /// Connections at once; more wait to be accepted.
    public var connections = 4_096
    /// Between being told to stop, when readiness ends, and refusing new connections: as long as those who ask take to notice.
    public var drainDelay = Duration.zero
    /// For what is in progress then.
    public var shutdownTimeout = Duration.seconds(30)
    /// Between two checks that every checkpoint still gives numbers.
    public var selfCheckInterval = Duration.seconds(30)
    /// The file with the keys that let requests in; all are let in where there is none.
    public var apiKeys: String?
    /// Who may have checkpoints read anew over HTTP.
    public var reloading = ReloadAccess.nobody
    /// The origins whose pages may ask; `*` for all.
    public var corsOrigins: [String] = []
    /// The last abstracts that are compared with those a checkpoint was measured on.
    public var driftWindow = 2_000
    /// Whether the log gets what was sent.
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

    /// The defaults, for checkpoints and a number of threads.
    public init(models: [ModelSource], threads: Int) {
        self.models = models
        self.threads = threads
    }
}
