internal import NIOCore
import Synchronization

/// All open connections, so that they can be closed at once.
final class Connections: Sendable {
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let metrics: ServiceMetrics

    init(metrics: ServiceMetrics) {
        self.metrics = metrics
    }

    /// Registers a connection until it is closed.
    func add(_ channel: any Channel) {
        open.withLock { $0[ObjectIdentifier(channel)] = channel }
        metrics.connection(opened: true)
        channel.closeFuture.whenComplete { _ in
            self.open.withLock { $0[ObjectIdentifier(channel)] = nil }
            self.metrics.connection(opened: false)
        }
    }

    /// Closes every connection. Requests in flight on them are not answered.
    func closeAll() {
        for channel in open.withLock({ $0.values.map(\.self) }) { channel.close(promise: nil) }
    }
}
