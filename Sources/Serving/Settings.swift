public import Kernels
public import Labelling

/// Everything a service can be told when it starts.
public struct Settings: Sendable {
    /// The checkpoint's directory.
    public var model: String
    /// The name answers carry; the checkpoint's own where absent.
    public var modelName: String?
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
    /// Seconds after which a connection on which nothing happens is closed.
    public var idleTimeout = 60

    /// The defaults, for a checkpoint and a number of threads.
    public init(model: String, threads: Int) {
        self.model = model
        self.threads = threads
    }
}

/// This program's version, as answers and `--version` give it.
public let version = "0.1.0"
