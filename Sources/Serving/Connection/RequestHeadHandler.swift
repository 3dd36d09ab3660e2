internal import HTTPTypes
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Refuses request heads that are too large or whose `Connection` field is not ASCII, and closes the connection.
///
/// Hummingbird compares this field as Unicode text, which takes quadratic time on hostile text. RFC 9110 (§7.6.1) allows
/// only ASCII in it, and NIO refuses targets that are not ASCII.
final class RequestHeadHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let limit: Int
    /// Whether the request that is being received has been refused. The connection closes after the answer.
    private var isRefused = false

    /// Creates a handler.
    ///
    /// - Parameter limit: The largest head in bytes: the method, the target and all fields with their separators.
    init(limit: Int) {
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), let problem = problem(of: head) {
            isRefused = true
            refuse(problem, context)
        }
        guard !isRefused else { return }
        context.fireChannelRead(data)
    }

    private func problem(of head: HTTPRequestHead) -> Problem? {
        guard head.headers[canonicalForm: "connection"].allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) else {
            return Problem(.badMessage, "the field connection is not ASCII; expected close or keep-alive.")
        }
        // The request line ends with " HTTP/1.1" and a line break; a field has ": " and a line break.
        let line = "\(head.method)".utf8.count + head.uri.utf8.count + 12
        let count = head.headers.reduce(line) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard count <= limit else {
            return Problem(
                .headTooLarge,
                "the request line and the header fields have \(count) bytes; the limit is \(limit). Send fewer or shorter fields."
            )
        }
        return nil
    }

    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
        var json = JSONWriter()
        problem.write(to: &json)
        let document = context.channel.allocator.buffer(bytes: json.bytes)
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: problem.status.code),
            headers: [
                "content-type": "application/problem+json", "content-length": "\(document.readableBytes)",
                "connection": "close",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(document))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
