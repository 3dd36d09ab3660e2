internal import NIOCore
internal import NIOHTTP1

/// Closes a connection whose client keeps the service waiting: no request begins, one does not go on, or an answer is not read.
///
/// The service's own time does not count: while it does not ask for more of a request, because it has enough to do or its client has
/// answers to read first, nobody is idle (Hummingbird's own timeout would count that).
final class IdleHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let time: TimeAmount
    /// Requests that have come whole less those that are answered whole.
    private var inProgress = 0
    private var isWithinRequest = false
    /// Whether a part of a request has come since the last look. Bytes that are none yet are no progress: a head is to come whole
    /// within the time, however steadily it trickles.
    private var hasPart = false
    /// Whether the service waits for bytes.
    private var isAsking = false
    /// Since when the client keeps the service waiting; `nil` while it does not.
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
        // Something came, so that the time begins anew.
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
