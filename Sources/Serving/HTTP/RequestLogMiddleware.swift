internal import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Gives every request an identifier, counts it, and writes one log line for it after its answer.
///
/// The client's `X-Request-ID` is kept, and its `traceparent` is continued with a span of this service.
struct RequestLogMiddleware: RouterMiddleware {
    let metrics: ServiceMetrics

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        metrics.began()
        var context = context
        context.requestID = Self.requestID(of: request) ?? TraceContext.newSpan()
        var logger = context.logger
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "request_id"] = "\(context.requestID)"
        if let trace = request.headers[.traceparent].flatMap(TraceContext.init(traceparent:)) {
            logger[metadataKey: "trace_id"] = "\(trace.trace)"
            logger[metadataKey: "span_id"] = "\(trace.span)"
            logger[metadataKey: "parent_id"] = "\(trace.parent)"
        }
        context.logger = logger
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            // ProblemMiddleware answers all expected errors, so this one is a bug.
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            response = Response(status: .internalServerError)
        }
        response.headers[.requestID] = context.requestID
        // A client would read a body after the answer to HEAD as its next answer.
        if request.method == .head { response = response.createHeadResponse() }
        let answered = Answered(request, response.status, context, metrics)
        guard response.body.contentLength == nil else {
            answered.end(bytes: response.body.contentLength)
            return response
        }
        let body = response.body
        response.body = ResponseBody { writer in
            do {
                try await body.write(writer)
                answered.end()
            } catch {
                answered.end(brokenOff: "\(error)")
                throw error
            }
        }
        return response
    }

    /// An answer that is counted and logged exactly once: when it has been written, or when it is dropped unwritten.
    private final class Answered: Sendable {
        private let request: Request
        private let status: HTTPResponse.Status
        private let context: ServiceContext
        private let metrics: ServiceMetrics
        private let isOver = Mutex(false)

        init(_ request: Request, _ status: HTTPResponse.Status, _ context: ServiceContext, _ metrics: ServiceMetrics) {
            (self.request, self.status, self.context, self.metrics) = (request, status, context, metrics)
        }

        deinit { end(brokenOff: "the client disconnected") }

        func end(bytes: Int? = nil, brokenOff: String? = nil) {
            guard
                isOver.withLock({ wasOver in
                    defer { wasOver = true }; return !wasOver
                })
            else { return }
            let endpoint = Endpoint(request.method, route: context.endpointPath) ?? .unknown
            let elapsed = ContinuousClock.now - context.start
            metrics.ended(endpoint.measured, status: status.code, after: elapsed)
            var line: Logger.Metadata = [
                "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": .stringConvertible(status.code),
                "duration_ms": .stringConvertible((elapsed / .microseconds(1)).rounded() / 1_000),
            ]
            if let bytes { line["response_bytes"] = .stringConvertible(bytes) }
            if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
                line["request_bytes"] = .stringConvertible(length)
            }
            if let client = context.clientAddress { line["client"] = "\(client)" }
            if let brokenOff { line["broken_off"] = "\(brokenOff)" }
            context.logger.log(level: endpoint.isProbe ? .debug : .info, "request", metadata: line)
        }
    }

    /// The client's identifier for its request, if it is safe in a log and in a header field.
    private static func requestID(of request: Request) -> String? {
        guard let field = request.headers[.requestID], (1...128).contains(field.utf8.count),
            field.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return field
    }
}
