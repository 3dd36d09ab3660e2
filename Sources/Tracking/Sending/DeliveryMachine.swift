package import MLflow

/// The state machine that decides what the sender does next. It uses neither the network nor the clock.
package struct DeliveryMachine: Sendable {
    /// The next action of the sender.
    package enum Action: Sendable, Equatable {
        /// Send a delivery. If it is in doubt, the store may already have it.
        case send(Delivery, isInDoubt: Bool)
        /// Wait until the journal grows.
        case idle
        /// Stop, because everything is delivered and the journal is closed.
        case done
    }

    package private(set) var state: DeliveryState
    /// The offset in the journal at which the next delivery begins. It is ahead of the confirmed offset if an earlier
    /// delivery was refused.
    package private(set) var position: Int
    /// The reasons for refused files and models, which are skipped.
    private var refusals: [String] = []
    private var policy: RetryPolicy
    /// Whether the store may already have the next delivery: at the start, because an earlier process may have died
    /// after sending it, and after every failure.
    private var isInDoubt = true
    /// The offset up to which the store may already have deliveries: the store had the run although no state was saved
    /// here, or an earlier sender continued after a refusal.
    private var doubtEnd: Int
    /// Whether the journal is complete.
    package var isClosed = false

    package init(_ state: DeliveryState, policy: RetryPolicy) {
        self.state = state
        self.state.problem = nil
        position = state.offset
        doubtEnd = state.reached ?? 0
        self.policy = policy
    }

    /// Returns the next action.
    ///
    /// - Parameter records: The journal entries from ``position`` on, as many as one delivery can cover.
    /// - Returns: The action.
    package func next(_ records: [JournalReader.Record]) -> Action {
        guard let delivery = Delivery(records) else { return isClosed ? .done : .idle }
        return .send(delivery, isInDoubt: isInDoubt || position < doubtEnd)
    }

    /// Records that the store has created or found the run.
    ///
    /// - Parameters:
    ///   - run: The run in the store.
    ///   - isNew: Whether the store has just created it.
    ///   - size: The current size of the journal in bytes.
    package mutating func opened(_ run: StoredRun, isNew: Bool, journalOf size: Int) {
        state.run = run
        if !isNew { doubtEnd = max(doubtEnd, size) }
    }

    /// Records that the store has confirmed a delivery.
    package mutating func succeeded(_ delivery: Delivery) {
        pass(delivery)
    }

    /// Records that a delivery was refused. A refused file or model is skipped, so that it does not block the rest; a
    /// later `sync` starts again at it.
    ///
    /// - Returns: Whether the delivery is skipped; `false` if it must be handled as a failure.
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
        state.problem = refusals.first.map {
            refusals.count == 1 ? $0 : "\($0) Further failures: \(refusals.count - 1)."
        }
        isInDoubt = false
        policy.succeeded()
    }

    /// Records that a delivery failed or that its outcome is unknown.
    ///
    /// - Returns: The time to wait before the retry; `nil` if a retry cannot succeed.
    package mutating func failed(_ error: MLflowError, jitter: Double) -> Duration? {
        isInDoubt = true
        state.problem = "\(error)"
        return policy.wait(after: error, jitter: jitter)
    }
}
