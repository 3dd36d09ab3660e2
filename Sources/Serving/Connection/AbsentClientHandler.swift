internal import NIOCore
internal import NIOHTTP1

/// Detects clients that have disconnected before their answer, by sending an interim response to clients that stop
/// sending.
///
/// A client that has closed its socket cannot be told from a client that has only finished sending: both send FIN (RFC
/// 9293, §3.6). The operating system of the first answers any further byte with RST, which closes the connection here.
/// The second reads the interim response, which every HTTP/1.1 client must understand (RFC 9110, §15.2), and then its
/// answer.
final class AbsentClientHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// No interim response is sent if the answer begins within this time.
    private static let patience = TimeAmount.milliseconds(100)

    /// Requests that have been received completely, minus answers that have begun.
    private var unanswered = 0
    private var isAnswering = false
    /// Whether the HTTP version of the last request has interim responses.
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
        // An answer that has begun detects a disconnected client by itself, and nothing may be sent between its parts.
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
