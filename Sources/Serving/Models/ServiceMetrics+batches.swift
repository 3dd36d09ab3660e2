extension ServiceMetrics: BatchObserver {
    /// Sets the gauges of the queue.
    public func queueHolds(windows: Int, tokens: Int) { waits(windows: windows, tokens: tokens) }

    /// Records the time of the stage `queue`.
    public func requestWaited(_ time: Duration) { took(time, in: .queue) }

    /// Records the size of the batch and the time of the stage `network`.
    public func batchRan(windows: Int, tokens: Int, took time: Duration) {
        took(time, in: .network)
        ran(windows: windows, tokens: tokens)
    }
}
