internal import NIOCore
internal import NIOHTTP1

/// A request's body did not come in time.
struct BodyTimeout: Error {
    /// What it had.
    let time: TimeAmount
}

/// Gives up bodies that take too long, however steadily they trickle; streams of lines may take as long as they like.
///
/// A timer is set only for bodies that do not come with their head: what is cancelled a thousand times a second is better not begun.
final class BodyTimeoutHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let time: TimeAmount
    private var isWithinBody = false
    private var timer: Scheduled<Void>?

    init(_ time: TimeAmount) {
        self.time = time
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let isStream = head.headers.first(name: "content-type").map(MediaType.isJSONLines) ?? false
            isWithinBody = !isStream
        case .body: break
        case .end: end()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isWithinBody, timer == nil {
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            timer = context.eventLoop.scheduleTask(in: time) {
                let (handler, context) = bound.value
                guard handler.isWithinBody else { return }
                handler.end()
                context.fireErrorCaught(BodyTimeout(time: handler.time))
            }
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        isWithinBody = false
        timer?.cancel()
        timer = nil
    }
}
