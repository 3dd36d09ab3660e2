internal import NIOCore
import Synchronization

/// Every connection that is open, so that all can be broken off.
final class Connections: Sendable {
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let metrics: ServiceMetrics

    init(metrics: ServiceMetrics) {
        self.metrics = metrics
    }

    func add(_ channel: any Channel) {
        open.withLock { $0[ObjectIdentifier(channel)] = channel }
        metrics.connection(opened: true)
        channel.closeFuture.whenComplete { _ in
            self.open.withLock { $0[ObjectIdentifier(channel)] = nil }
            self.metrics.connection(opened: false)
        }
    }

    /// Breaks all off: what is in progress on them has nobody to hear it any longer.
    func closeAll() {
        for channel in open.withLock({ $0.values.map(\.self) }) { channel.close(promise: nil) }
    }
}
