internal import NIOCore
internal import NIOHTTP1

/// Closes a connection after its last answer, and answers HTTP/1.0 clients in HTTP/1.0 (RFC 9112, §9.3 and §9.6).
///
/// An answer is the last one if it or its request has `Connection: close`, or if an HTTP/1.0 client does not ask to
/// keep the connection. It is also the last one if the request asks for another protocol with `Upgrade` or CONNECT: the
/// parser takes all further bytes for that protocol, so another request on the connection would never be answered (RFC
/// 9110, §7.8, lets a service ignore the wish). HTTP/1.0 has no chunks, so a body of unknown length ends with the connection. Only the
/// service's side is closed at first: after closing both sides, the operating system would answer further bytes with
/// RST, and the client would lose the part of the answer that it has not read.
final class PersistenceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The HTTP version of the request that is being answered. NIO passes on the next request only after the answer.
    private var version = HTTPVersion.http1_1
    private var wantsMore = true
    /// Whether the current or previous answer is the last one of the connection.
    private var isLast = false
    /// Whether another request has followed the last answer; it is ignored.
    private var isBeyond = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            version = head.version
            wantsMore = head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
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
