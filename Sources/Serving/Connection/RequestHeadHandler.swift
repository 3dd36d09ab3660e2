internal import HTTPTypes
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Refuses request heads that no honest client sends, and closes the connection.
///
/// - A head may not be larger than a limit.
/// - `Connection` must be ASCII (RFC 9110, §7.6.1). Hummingbird compares it as Unicode text, which takes quadratic time
///   on hostile text. NIO refuses targets that are not ASCII.
/// - A request of HTTP/1.1 must have one valid `Host` (RFC 9112, §3.2). A proxy and this service could otherwise
///   disagree about the host.
/// - A path has one spelling: the router would ignore the second of two slashes, and a proxy that denies `/admin/` would
///   let `//admin//reload` pass.
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
        let hosts = head.headers["host"]
        guard hosts.count == 1 || (hosts.isEmpty && head.version.minor == 0), hosts.allSatisfy(Self.isHost) else {
            return Problem(
                .badMessage,
                hosts.count == 1
                    ? "the field host is not valid; expected a host, such as example.org:8080."
                    : "the request has \(hosts.count) fields named host; expected one, such as example.org:8080."
            )
        }
        guard !Self.hasDoubledSlash(head.uri) else {
            return Problem(.pathNotFound, "there is no resource at this path, because it has two slashes in a row.")
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

    /// Whether the path of a target has two slashes in a row. An absolute target has two more, after its scheme.
    private static func hasDoubledSlash(_ target: String) -> Bool {
        let path = target.prefix { $0 != "?" }
        let afterScheme = path.hasPrefix("/") ? path : path.drop { $0 != ":" }.dropFirst(3)
        return afterScheme.contains("//")
    }

    /// Whether a field has only characters of a host and port, or is empty (RFC 3986, §3.2.2).
    private static func isHost(_ field: String) -> Bool {
        field.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._~%!$&'()*+,;=:[]".utf8.contains(byte)
            }
        }
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
