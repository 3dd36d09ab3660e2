internal import NIOCore
internal import NIOHTTP1

/// Closes a connection whose client keeps the service waiting: it starts no request, does not continue one, or does not
/// read an answer.
///
/// The service's own time does not count. A connection is not idle while the service does not read from it, because it
/// is busy or because the client must read answers first. Hummingbird's own timeout would count that time.
final class IdleHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let time: TimeAmount
    /// Requests that have been received completely, minus answers that have been sent completely.
    private var inProgress = 0
    private var isWithinRequest = false
    /// Whether a part of a request has arrived in this round of reading. Bytes of an incomplete head do not count, so
    /// that a whole head must arrive within the time.
    private var hasPart = false
    /// Whether the service has asked for more bytes.
    private var isAsking = false
    /// When the client began to keep the service waiting; `nil` while it does not.
    private var since: NIODeadline?
    private var timer: RepeatedTask?

    init(_ time: TimeAmount) {
        self.time = time
    }

    func handlerAdded(context: ChannelHandlerContext) {
        since = .now()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let step = TimeAmount.nanoseconds(max(1, time.nanoseconds / 4))
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: step, delay: step) { _ in
            let (handler, context) = bound.value
            guard let since = handler.since, .now() - since >= handler.time else { return }
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        isAsking = true
        look(context)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isWithinRequest = true
        case .body: break
        case .end:
            isWithinRequest = false
            inProgress += 1
        }
        // A part has arrived, so the time starts again.
        since = nil
        hasPart = true
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if hasPart {
            hasPart = false
            isAsking = false
            look(context)
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            inProgress -= 1
            since = nil
            look(context)
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        look(context)
        context.fireChannelWritabilityChanged()
    }

    private func look(_ context: ChannelHandlerContext) {
        let awaitsRequest = isAsking && (isWithinRequest || inProgress <= 0)
        let awaitsReader = !context.channel.isWritable
        if awaitsRequest || awaitsReader {
            since = since ?? .now()
        } else {
            since = nil
        }
    }
}
