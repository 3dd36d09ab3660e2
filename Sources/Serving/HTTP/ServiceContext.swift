public import Hummingbird
internal import Logging
internal import NIOCore

/// What is known of a request beside the request itself.
public struct ServiceContext: RequestContext {
    /// Hummingbird's own.
    public var coreContext: CoreRequestContextStorage
    /// When its head came.
    let start = ContinuousClock.now
    /// Names it in logs and answers.
    var requestID = ""
    private let channel: any Channel

    /// A request on the source's connection.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Whether the client would still hear an answer.
    var clientIsThere: @Sendable () -> Bool { { [channel] in channel.isActive } }

    /// Whether the client is on this machine.
    var clientIsLocal: Bool {
        switch channel.remoteAddress {
        case .unixDomainSocket: true
        case let address?: address.ipAddress.map { $0.hasPrefix("127.") || $0 == "::1" } ?? false
        case nil: false
        }
    }

    /// Its address, without the port.
    var clientAddress: String? { channel.remoteAddress?.ipAddress }
}
