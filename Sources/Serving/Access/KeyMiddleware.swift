internal import HTTPTypes
import Hummingbird

/// Refuses requests without a valid API key, except for endpoints that need none, such as health probes.
struct KeyMiddleware: RouterMiddleware {
    let keys: APIKeys

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let endpoint = Endpoint(request.method, route: context.endpointPath)
        guard endpoint?.needsKey == false || keys.allow(authorization: request.headers[.authorization]) else {
            return Problem(
                .unauthorized, "this service requires an API key: send Authorization: Bearer KEY.",
                headers: [.wwwAuthenticate: "Bearer"]
            ).response(to: request, discarding: request.body)
        }
        return try await next(request, context)
    }
}
