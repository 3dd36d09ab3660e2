package import MLflow

/// Decides what the sender does next, and knows neither network nor clock.
package struct DeliveryMachine: Sendable {
    /// What to do.
    package enum Action: Sendable, Equatable {
        /// Ask the store; whether it may have been asked the same before, with an unknown outcome.
        case send(Delivery, isInDoubt: Bool)
        /// Wait for the journal to grow.
        case idle
        /// Everything is delivered, and nothing will follow.
        case done
    }

    package private(set) var state: DeliveryState
    private var policy: RetryPolicy
    /// Whether the next delivery may be there already: at the start, since the process before may have died after sending,
    /// and after every failure.
    private var isInDoubt = true
    /// What lies before this byte may be there already too: the store had the run, and nobody here knew of it.
    private var doubtEnd = 0
    /// Whether the journal will not grow.
    package var isClosed = false

    package init(_ state: DeliveryState, policy: RetryPolicy) {
        self.state = state
        self.state.problem = nil
        self.policy = policy
    }

    /// What to do next.
    ///
    /// - Parameter records: What the journal holds from the acknowledged place on, as much as one delivery can cover.
    /// - Returns: To send them, to wait for more, or that all is done.
    package func next(_ records: [JournalReader.Record]) -> Action {
        guard let delivery = Delivery(records) else { return isClosed ? .done : .idle }
        return .send(delivery, isInDoubt: isInDoubt || state.offset < doubtEnd)
    }

    /// The store made the run, or had it.
    ///
    /// - Parameters:
    ///   - run: As the store knows it.
    ///   - isNew: Whether it was made just now.
    ///   - size: The journal's bytes by now.
    package mutating func opened(_ run: StoredRun, isNew: Bool, journalOf size: Int) {
        state.run = run
        if !isNew { doubtEnd = size }
    }

    /// The store acknowledged a delivery.
    package mutating func succeeded(_ delivery: Delivery) {
        state.offset = delivery.end
        state.problem = nil
        isInDoubt = false
        policy.succeeded()
    }

    /// A delivery failed, or nobody knows whether it did.
    ///
    /// - Returns: How long to wait before ``next(_:)``; `nil` where it is no use.
    package mutating func failed(_ error: MLflowError, jitter: Double) -> Duration? {
        isInDoubt = true
        state.problem = "\(error)"
        return policy.wait(after: error, jitter: jitter)
    }
}
