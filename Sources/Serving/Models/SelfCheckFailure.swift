/// A model did not compute finite numbers within its time.
struct SelfCheckFailure: Error {
    /// The sentence that health checks and the log show.
    let reason: String
}
