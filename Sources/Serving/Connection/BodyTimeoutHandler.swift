internal import NIOCore
internal import NIOHTTP1

/// Gives up bodies that take too long, however steadily they trickle; streams of lines may take as long as they like, until they
/// are answered: what comes after that is nobody's.
///
/// A timer is set only for bodies that do not come with their head: what is cancelled a thousand times a second is better not begun.
final class BodyTimeoutHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What a client has to read the answer that its body came too slowly: cut off sooner it would not hear it.
    private static let lingering = TimeAmount.seconds(5)

    private let time: TimeAmount
    private var isWithinBody = false
    private var mayTakeLong = false
    /// Whether the body has been given up; who goes on sending it after the answer is cut off.
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

    /// Where streams of lines are taken.
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
