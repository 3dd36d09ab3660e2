internal import HTTPTypes
import Hummingbird
internal import Text

/// Allows pages of other origins to use the service ([Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol), CORS).
struct CrossOriginMiddleware: RouterMiddleware {
    /// The allowed origins, such as `https://example.org`; `*` allows all.
    let origins: [String]

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let allowed = request.headers[.origin].flatMap(allowance(for:))
        var response: Response
        if let allowed, request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            let methods = Endpoint.methods(at: request.uri.path).map(\.rawValue)
            response = Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: methods.joined(separator: ", "),
                    .accessControlAllowHeaders:
                        "authorization, content-encoding, content-type, inference-header-content-length, traceparent, tracestate, x-request-id, x-request-timeout",
                    .accessControlMaxAge: "7200", .accessControlAllowOrigin: allowed,
                ])
        } else {
            response = try await next(request, context)
            if let allowed {
                response.headers[.accessControlAllowOrigin] = allowed
                response.headers[.accessControlExposeHeaders] =
                    "inference-header-content-length, retry-after, x-request-id"
            }
        }
        if !origins.contains("*") { response.headers.append(HTTPField(name: .vary, value: "origin")) }
        return response
    }

    private func allowance(for origin: String) -> String? {
        origins.contains("*") ? "*" : origins.first { $0.hasBytes(of: origin) }
    }
}
