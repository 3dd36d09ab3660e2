internal import HTTPTypes
import Hummingbird

/// Asks clients to close their connections while the service drains.
struct DrainMiddleware: RouterMiddleware {
    let models: ModelService

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if case .draining = models.phase { response.headers[.connection] = "close" }
        return response
    }
}
