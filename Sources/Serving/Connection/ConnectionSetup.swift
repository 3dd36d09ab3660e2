internal import NIOCore
internal import NIOHTTPTypesHTTP1

/// Registers a new connection, adds the handlers that need HTTP/1 messages before the codec that converts them, and
/// removes itself.
final class ConnectionSetup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let connections: Connections
    private let headLimit: Int
    private let idleTimeout: TimeAmount
    private let bodyTimeout: TimeAmount

    init(_ connections: Connections, headLimit: Int, idleTimeout: TimeAmount, bodyTimeout: TimeAmount) {
        self.connections = connections
        self.headLimit = headLimit
        self.idleTimeout = idleTimeout
        self.bodyTimeout = bodyTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connections.add(context.channel)
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandlers(
                PersistenceHandler(), RequestHeadHandler(limit: headLimit), AbsentClientHandler(),
                BodyTimeoutHandler(bodyTimeout), IdleHandler(idleTimeout), position: .before(codec))
            pipeline.removeHandler(self, promise: nil)
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
