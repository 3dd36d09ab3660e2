/// Receives the measurements of a ``BatchScheduler``. Its methods are called from the scheduler's threads and must
/// return quickly: some calls are made under a lock.
public protocol BatchObserver: Sendable {
    /// The queue now holds so many windows with so many tokens.
    func queueHolds(windows: Int, tokens: Int)
    /// A request waited this long until a batch took its first window.
    func requestWaited(_ time: Duration)
    /// A batch of so many windows and tokens has run, and its forward pass took this long.
    func batchRan(windows: Int, tokens: Int, took time: Duration)
}
