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
    /// The byte of the journal from which on the next delivery is. Ahead of the acknowledged place where something before it
    /// was refused.
    package private(set) var position: Int
    /// Why something was not taken that others do not need.
    private var refusals: [String] = []
    private var policy: RetryPolicy
    /// Whether the next delivery may be there already: at the start, since the process before may have died after sending,
    /// and after every failure.
    private var isInDoubt = true
    /// What lies before this byte may be there already too: the store had the run, and nobody here knew of it, or an earlier
    /// sender went on after a refusal.
    private var doubtEnd: Int
    /// Whether the journal will not grow.
    package var isClosed = false

    package init(_ state: DeliveryState, policy: RetryPolicy) {
        self.state = state
        self.state.problem = nil
        position = state.offset
        doubtEnd = state.reached ?? 0
        self.policy = policy
    }

    /// What to do next.
    ///
    /// - Parameter records: What the journal holds from ``position`` on, as much as one delivery can cover.
    /// - Returns: To send them, to wait for more, or that all is done.
    package func next(_ records: [JournalReader.Record]) -> Action {
        guard let delivery = Delivery(records) else { return isClosed ? .done : .idle }
        return .send(delivery, isInDoubt: isInDoubt || position < doubtEnd)
    }

    /// The store made the run, or had it.
    ///
    /// - Parameters:
    ///   - run: As the store knows it.
    ///   - isNew: Whether it was made just now.
    ///   - size: The journal's bytes by now.
    package mutating func opened(_ run: StoredRun, isNew: Bool, journalOf size: Int) {
        state.run = run
        if !isNew { doubtEnd = max(doubtEnd, size) }
    }

    /// The store acknowledged a delivery.
    package mutating func succeeded(_ delivery: Delivery) {
        pass(delivery)
    }

    /// A delivery was refused. A file or a model that cannot be sent keeps nothing else from being sent; whoever sends the run
    /// again begins there.
    ///
    /// - Returns: Whether to go on with what follows; `false` where this is a failure like others.
    package mutating func refused(_ delivery: Delivery, _ error: MLflowError) -> Bool {
        guard !error.isTransient else { return false }
        switch delivery.content {
        case .artifact, .model: break
        case .begin, .log, .datasets, .status: return false
        }
        refusals.append("\(error)")
        pass(delivery)
        return true
    }

    private mutating func pass(_ delivery: Delivery) {
        position = delivery.end
        if refusals.isEmpty { state.offset = position }
        let reached = max(position, state.reached ?? 0)
        state.reached = reached > state.offset ? reached : nil
        state.problem = refusals.first.map { refusals.count == 1 ? $0 : "\($0) And \(refusals.count - 1) more." }
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
