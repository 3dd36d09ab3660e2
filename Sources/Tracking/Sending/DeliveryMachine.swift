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
        return .send(delivery, isInDoubt: isInDoubt)
    }

    /// The store acknowledged a delivery.
    ///
    /// - Parameters:
    ///   - delivery: What was sent.
    ///   - run: The run, where the delivery found or made it.
    package mutating func succeeded(_ delivery: Delivery, run: StoredRun? = nil) {
        if let run { state.run = run }
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
