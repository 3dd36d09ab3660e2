import HTTPTypes
import Hummingbird
import Logging

/// Turns every failure into a problem document, so that no client meets an empty body or another shape of error.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response(from: request, context: context)
        } catch let failure as LabellingFailure {
            return Problem(failure).response(from: request, context: context)
        } catch let failure as ReloadFailure {
            return Problem(failure).response(from: request, context: context)
        } catch let error as HTTPError where error.status == .notFound {
            return missing(request).response(to: request, discarding: request.body)
        } catch let error as any HTTPResponseError {
            return Problem(error.status, "the request cannot be answered.").response(from: request, context: context)
        } catch is CancellationError {
            return Problem(.serviceUnavailable, "the service is shutting down.").response(
                from: request, context: context)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return Problem(.internalServerError, "the service failed at this request; its log says why.")
                .response(from: request, context: context)
        }
    }

    private func missing(_ request: Request) -> Problem {
        let path = request.uri.path
        let methods = Endpoint.methods(at: path)
        guard !methods.isEmpty else {
            return Problem(.notFound, "there is nothing at this path; /openapi.json tells what there is.")
        }
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "\(path) does not take \(request.method.rawValue); it takes \(allowed).",
            headers: [.allow: allowed])
    }
}
