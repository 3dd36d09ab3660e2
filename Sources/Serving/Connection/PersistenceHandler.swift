internal import NIOCore
internal import NIOHTTP1

/// Ends a connection after the last answer it is to carry, and answers clients of HTTP/1.0 in what those know (RFC 9112, §9.3 and
/// §9.6).
///
/// An answer is the last where it or its request says `Connection: close`, or where a client of HTTP/1.0 does not ask for more to
/// come. Such a client knows no chunks: the end of a body of unknown length is the connection's. Only the service's own side is
/// closed at first, as a system that closes both answers what still comes with RST, and the client loses what it has not read yet.
final class PersistenceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The request that is being answered: NIO lets the next one through once it is.
    private var version = HTTPVersion.http1_1
    private var wantsMore = true
    /// Whether the answer that has begun, or been given, is the last.
    private var isLast = false
    /// Whether there is another request after the last answer, which is nobody's.
    private var isBeyond = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            version = head.version
            wantsMore = head.isKeepAlive
            isBeyond = isLast
        }
        guard !isBeyond else { return }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            isLast = !wantsMore || !head.isKeepAlive
            let isOld = (version.major, version.minor) < (1, 1)
            if isOld {
                head.version = version
                isLast = isLast || !head.headers.contains(name: "content-length")
            }
            if isLast {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            } else if isOld {
                head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isLast:
            context.writeAndFlush(data, promise: promise)
            context.close(mode: .output, promise: nil)
        case .head, .body, .end:
            context.write(data, promise: promise)
        }
    }
}
