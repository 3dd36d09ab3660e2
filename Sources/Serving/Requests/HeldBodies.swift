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
        /// - Throws: ``LabellingFailure/bodiesTooLarge`` where there is no room; then whoever has the share ends it.
        func grow(to count: Int) throws(LabellingFailure) {
            guard bodies.add(count - bytes.exchange(count, ordering: .relaxed)) > bodies.limit else { return }
            throw .bodiesTooLarge
        }

        /// Gives it back.
        func end() { _ = bodies.add(-bytes.exchange(0, ordering: .relaxed)) }
    }

    private let bytes = Mutex(0)
    private let limit: Int
    private let onChange: @Sendable (Int) -> Void

    /// A budget of which nothing is used.
    ///
    /// - Parameters:
    ///   - limit: Bytes of all bodies together.
    ///   - onChange: Receives the bytes in use, under a lock, whenever they change.
    init(atMost limit: Int, onChange: @escaping @Sendable (_ bytes: Int) -> Void) {
        self.limit = limit
        self.onChange = onChange
    }

    /// The bytes of all with so many more.
    private func add(_ count: Int) -> Int {
        bytes.withLock { bytes in
            bytes += count
            onChange(bytes)
            return bytes
        }
    }

    /// A share of a request, which ends it.
    func share() -> Share { Share(self) }
}
