internal import NIOCore
internal import NIOHTTP1

/// Finds out whether a client that has said all is still there, by telling it that its request is being worked on.
///
/// A client that has closed its socket and one that has closed only its side look alike: both send FIN (RFC 9293, §3.6). The
/// first one's system answers any further byte with RST, which closes the connection here; the second one reads an interim
/// response that every HTTP/1.1 client must understand (RFC 9110, §15.2), and then its answer.
final class AbsentClientHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Answers that come sooner tell a client that is there all it wants to know.
    private static let patience = TimeAmount.milliseconds(100)

    /// Requests that have come whole less those whose answers have begun.
    private var unanswered = 0
    private var isAnswering = false
    /// Whether the last request's version knows interim responses.
    private var knowsInterimResponses = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): knowsInterimResponses = (head.version.major, head.version.minor) >= (1, 1)
        case .body: break
        case .end: unanswered += 1
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // An answer that has begun is itself what finds the client absent, and nothing may come between its parts.
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code >= 200:
            unanswered -= 1
            isAnswering = true
        case .end: isAnswering = false
        case .head, .body: break
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, unanswered > 0, knowsInterimResponses {
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: Self.patience) {
                let (handler, context) = bound.value
                guard handler.unanswered > 0, !handler.isAnswering, context.channel.isActive else { return }
                let interim = HTTPResponseHead(version: .http1_1, status: .processing)
                context.writeAndFlush(handler.wrapOutboundOut(.head(interim)), promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
