internal import Kernels

/// Which checkpoints a ``ModelService`` loads, and how it runs them.
struct ModelSettings: Sendable {
    /// The checkpoints; the first is the default.
    let sources: [ModelSource]
    /// Precision of the matrix multiplications.
    let precision: ProductPrecision
    /// Overrides the checkpoint's `do_lower_case`.
    let lowercase: Bool?
    /// Batches that run at once.
    let workers: Int
    /// Threads that share one batch.
    let threads: Int
    /// The largest request.
    let requestLimits: RequestLimits
    /// The size of a batch and of the queue.
    let batchLimits: BatchLimits
    /// Time between two self-checks of every checkpoint.
    let selfCheckInterval: Duration
    /// Number of recent abstracts that are compared with the checkpoint's profile.
    let driftWindow: Int
}
