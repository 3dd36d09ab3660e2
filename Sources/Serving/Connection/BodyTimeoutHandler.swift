internal import NIOCore
internal import NIOHTTP1

/// Refuses bodies that take longer than the body timeout, even if bytes keep arriving.
///
/// The timeout is off while an NDJSON stream is being answered. After the answer the rest of its body is drained under
/// the normal timeout. A timer is started only for bodies that do not arrive together with their head, because starting
/// and cancelling a timer for every request would be expensive.
final class BodyTimeoutHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The time in which a client can read the answer 408 before the connection is closed.
    private static let lingering = TimeAmount.seconds(5)

    private let time: TimeAmount
    private var isWithinBody = false
    private var mayTakeLong = false
    /// Whether the body has been refused. If the client continues to send it, the connection is closed.
    private var isGivenUp = false
    private var timer: Scheduled<Void>?

    init(_ time: TimeAmount) {
        self.time = time
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isWithinBody = true
            isGivenUp = false
            mayTakeLong = Self.isStream(head)
        case .body: break
        case .end: end()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isWithinBody, !mayTakeLong { begin(context) }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), isWithinBody { begin(context) }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    /// Whether a request is an NDJSON stream.
    private static func isStream(_ head: HTTPRequestHead) -> Bool {
        head.method == .POST && head.uri.prefix { $0 != "?" }.split(separator: "/") == ["predict"]
            && head.headers.first(name: "content-type").map(MediaType.isJSONLines) ?? false
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: isGivenUp ? Self.lingering : time) {
            let (handler, context) = bound.value
            handler.timer = nil
            guard !handler.isGivenUp else { return context.close(promise: nil) }
            handler.isGivenUp = true
            context.fireErrorCaught(BodyTimeout(time: handler.time))
        }
    }

    private func end() {
        isWithinBody = false
        timer?.cancel()
        timer = nil
    }
}
