internal import Compression
internal import HTTPTypes
import Hummingbird
internal import NIOCore

/// Compresses answers with gzip if the client accepts it (RFC 9110, §12.5.3) and the answer is large enough.
struct CompressionMiddleware: RouterMiddleware {
    /// Smaller answers fit one packet without compression.
    private static let leastBytes = 1_400

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard response.body.contentLength ?? .max >= Self.leastBytes else { return response }
        response.headers[.vary] = response.headers[.vary].map { "\($0), accept-encoding" } ?? "accept-encoding"
        guard request.method != .head, Self.accepts(request.headers[values: .acceptEncoding]) else { return response }
        response.headers[.contentEncoding] = "gzip"
        response.headers[.contentLength] = nil
        let body = response.body
        response.body = ResponseBody { writer in
            try await WorkThreads.run { try await body.write(GzipBodyWriter(to: writer)) }
        }
        return response
    }

    /// Whether the `Accept-Encoding` fields list gzip with a weight above zero.
    static func accepts(_ fields: [String]) -> Bool {
        AcceptedWeights(fields)("gzip", "x-gzip", "*") ?? 0 > 0
    }
}

/// Compresses each part that is written so that the client can decompress it at once.
private struct GzipBodyWriter: ResponseBodyWriter {
    private final class Member {
        var writer: GzipWriter?

        init(_ writer: consuming GzipWriter) { self.writer = consume writer }
    }

    private var next: any ResponseBodyWriter
    private let member: Member

    init(to next: any ResponseBodyWriter) throws {
        self.next = next
        member = Member(try GzipWriter())
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        var compressed: [UInt8] = []
        member.writer?.write(Array(buffer.readableBytesView), into: &compressed)
        try await next.write(ByteBuffer(bytes: compressed))
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        var compressed: [UInt8] = []
        member.writer.take()?.finish(into: &compressed)
        try await next.write(ByteBuffer(bytes: compressed))
        try await next.finish(trailingHeaders)
    }
}
