internal import HTTPTypes
import Hummingbird

/// Lets requests in that carry a key, where the service has keys; health is told to everybody.
struct KeyMiddleware: RouterMiddleware {
    let keys: APIKeys

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let endpoint = Endpoint(request.method, route: context.endpointPath)
        guard endpoint?.needsKey == false || keys.allow(authorization: request.headers[.authorization]) else {
            return Problem(
                .unauthorized, "this service asks for a key: send Authorization: Bearer KEY.",
                headers: [.wwwAuthenticate: "Bearer"]
            ).response(to: request, discarding: request.body)
        }
        return try await next(request, context)
    }
}
