import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a free port that gives the answers of a test and keeps the requests.
public final class PlaybackServer: Sendable {
    /// A request as it arrived.
    public struct Request: Sendable, Equatable {
        /// The method, such as `POST`.
        public internal(set) var method: String
        /// The path with the query.
        public internal(set) var path: String
        /// The header fields.
        public internal(set) var fields: [String: String]
        /// The body.
        public internal(set) var body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// An answer to a request.
    public enum Answer: Sendable {
        /// A status with a body and header fields.
        case status(Int, [UInt8], fields: [(String, String)])
        /// Close the connection instead of answering.
        case cut
        /// Announce more bytes in the head than are sent.
        case broken(promised: Int, [UInt8])

        /// A JSON document.
        public static func json(_ text: String, status: Int = 200, fields: [(String, String)] = []) -> Answer {
            .status(status, Array(text.utf8), fields: fields)
        }
    }

    private let channel: any Channel
    private let kept: Kept

    private final class Kept: Sendable {
        let requests = Mutex<[Request]>([])
        let answer: @Sendable (Request) -> Answer

        init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }
    }

    /// Starts the server on a free port.
    ///
    /// - Parameter answer: A closure that returns the answer to a request.
    /// - Throws: An error if no port can be bound.
    public init(_ answer: @escaping @Sendable (Request) -> Answer) async throws {
        let kept = Kept(answer)
        self.kept = kept
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(kept))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// The URL of the server.
    public var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    /// The requests in the order of their arrival.
    public var requests: [Request] { kept.requests.withLock { $0 } }

    /// Stops the server.
    public func stop() async throws { try await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let kept: Kept
        private var request = Request(method: "", path: "", fields: [:], body: [])

        init(_ kept: Kept) { self.kept = kept }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let fields = head.headers.map { ($0.name.lowercased(), $0.value) }
                request = Request(
                    method: head.method.rawValue, path: head.uri, fields: Dictionary(fields) { $1 }, body: [])
            case .body(let part): request.body += Array(part.readableBytesView)
            case .end:
                let request = request
                kept.requests.withLock { $0.append(request) }
                answer(kept.answer(request), context)
            }
        }

        private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .cut: context.close(promise: nil)
            case .status(let status, let body, let fields):
                write(status, body, fields + [("Content-Length", "\(body.count)")], context)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .broken(let promised, let body):
                write(200, body, [("Content-Length", "\(promised)")], context)
                context.flush()
                context.close(promise: nil)
            }
        }

        private func write(
            _ status: Int, _ body: [UInt8], _ fields: [(String, String)], _ context: ChannelHandlerContext
        ) {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(fields))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
    }
}
