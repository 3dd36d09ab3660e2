internal import NIOCore
internal import NIOHTTPTypesHTTP1

/// Registers a connection, puts the handlers that know HTTP/1 before the codec that forgets which version of it, and goes.
final class ConnectionSetup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let connections: Connections
    private let bodyTimeout: TimeAmount

    init(_ connections: Connections, bodyTimeout: Duration) {
        self.connections = connections
        self.bodyTimeout = TimeAmount(bodyTimeout)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connections.add(context.channel)
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandlers(
                AbsentClientHandler(), BodyTimeoutHandler(bodyTimeout), position: .before(codec))
            pipeline.removeHandler(self, promise: nil)
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
