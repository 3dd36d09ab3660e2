internal import NIOCore
internal import NIOHTTPTypesHTTP1

/// Registers a connection, puts the handlers that know HTTP/1 before the codec that forgets which version of it, and goes.
final class ConnectionSetup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let connections: Connections
    private let idleTimeout: TimeAmount
    private let bodyTimeout: TimeAmount

    init(_ connections: Connections, idleTimeout: TimeAmount, bodyTimeout: TimeAmount) {
        self.connections = connections
        self.idleTimeout = idleTimeout
        self.bodyTimeout = bodyTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connections.add(context.channel)
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandlers(
                PersistenceHandler(), AbsentClientHandler(), BodyTimeoutHandler(bodyTimeout),
                IdleHandler(idleTimeout), position: .before(codec))
            pipeline.removeHandler(self, promise: nil)
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
