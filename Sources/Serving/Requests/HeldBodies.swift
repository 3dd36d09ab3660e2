import Synchronization

/// Memory budget shared by all request bodies that are being received or answered. Each body has a limit of its own,
/// but many bodies at once could still need more memory than there is.
final class HeldBodies: Sendable {
    /// The part of the budget that one request uses.
    final class Share: Sendable {
        private let bodies: HeldBodies
        private let bytes = Atomic(0)

        fileprivate init(_ bodies: HeldBodies) { self.bodies = bodies }

        /// Changes the size of the share.
        ///
        /// - Throws: ``LabellingFailure/bodiesTooLarge`` if the budget is exceeded. The caller must still call
        ///   ``end()``.
        func grow(to count: Int) throws(LabellingFailure) {
            guard bodies.add(count - bytes.exchange(count, ordering: .relaxed)) > bodies.limit else { return }
            throw .bodiesTooLarge
        }

        /// Returns the share to the budget. Calling it again does nothing.
        func end() { _ = bodies.add(-bytes.exchange(0, ordering: .relaxed)) }
    }

    private let bytes = Mutex(0)
    private let limit: Int
    private let onChange: @Sendable (Int) -> Void

    /// Creates an unused budget.
    ///
    /// - Parameters:
    ///   - limit: Bytes of all bodies together.
    ///   - onChange: Receives the bytes in use, under a lock, whenever they change.
    init(atMost limit: Int, onChange: @escaping @Sendable (_ bytes: Int) -> Void) {
        self.limit = limit
        self.onChange = onChange
    }

    /// Adds bytes to the total and returns it.
    private func add(_ count: Int) -> Int {
        bytes.withLock { bytes in
            bytes += count
            onChange(bytes)
            return bytes
        }
    }

    /// Reserves memory for one request's body; the caller must call ``Share/end()``.
    func share() -> Share { Share(self) }
}
