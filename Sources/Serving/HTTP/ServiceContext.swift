public import Hummingbird
internal import Logging
internal import NIOCore

/// The context of a request: its connection, its identifier and the time of its arrival.
public struct ServiceContext: RequestContext {
    /// The context that Hummingbird maintains.
    public var coreContext: CoreRequestContextStorage
    /// When the request's head arrived.
    let start = ContinuousClock.now
    /// The identifier in the log and in the answer.
    var requestID = ""
    private let channel: any Channel

    /// Creates the context of a request on the connection of `source`.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Whether the client is still connected.
    var clientIsThere: @Sendable () -> Bool { { [channel] in channel.isActive } }

    /// Whether the client runs on this machine.
    var clientIsLocal: Bool {
        switch channel.remoteAddress {
        case .unixDomainSocket: true
        case let address?: address.ipAddress.map { $0.hasPrefix("127.") || $0 == "::1" } ?? false
        case nil: false
        }
    }

    /// The client's address without the port.
    var clientAddress: String? { channel.remoteAddress?.ipAddress }
}
