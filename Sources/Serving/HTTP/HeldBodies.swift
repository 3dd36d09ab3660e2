import HTTPTypes
import Synchronization

/// How many bytes the bodies have that are in progress, of all requests together: each is no larger than it may be, but many at once
/// would take more memory than there is.
final class HeldBodies: Sendable {
    /// What one request holds.
    final class Share: Sendable {
        private let bodies: HeldBodies
        private let bytes = Atomic(0)

        fileprivate init(_ bodies: HeldBodies) { self.bodies = bodies }

        /// Makes the share that large.
        ///
        /// - Throws: ``Problem`` 429 where there is no room; then whoever has the share ends it.
        func grow(to count: Int) throws(Problem) {
            guard bodies.add(count - bytes.exchange(count, ordering: .relaxed)) > bodies.limit else { return }
            throw Problem(
                .tooManyRequests, "too many large bodies are in progress; send this request again in 1 s.",
                headers: [.retryAfter: "1"])
        }

        /// Gives it back.
        func end() { _ = bodies.add(-bytes.exchange(0, ordering: .relaxed)) }
    }

    private let bytes = Mutex(0)
    private let limit: Int
    private let metrics: ServiceMetrics

    /// None so far.
    init(atMost limit: Int, metrics: ServiceMetrics) {
        self.limit = limit
        self.metrics = metrics
    }

    /// The bytes of all with so many more.
    private func add(_ count: Int) -> Int {
        bytes.withLock { bytes in
            bytes += count
            metrics.holds(bodyBytes: bytes)
            return bytes
        }
    }

    /// A share of a request, which ends it.
    func share() -> Share { Share(self) }
}
