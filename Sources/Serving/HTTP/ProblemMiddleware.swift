import HTTPTypes
import Hummingbird
import Logging

/// Answers every error with a problem document, so that clients see only one format of errors.
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
            return Problem(
                .badMessage,
                "the HTTP request is not valid (status \(error.status.code)). Correct its method, path or header fields.",
                status: error.status
            ).response(from: request, context: context)
        } catch is CancellationError {
            return Problem(.shuttingDown, "the service is shutting down.").response(
                from: request, context: context)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return Problem(.internalError, "the service failed while answering this request; the log says why.")
                .response(from: request, context: context)
        }
    }

    private func missing(_ request: Request) -> Problem {
        let path = request.uri.path
        let methods = Endpoint.methods(at: path)
        guard !methods.isEmpty else {
            return Problem(.pathNotFound, "there is no resource at this path; /openapi.json lists all paths.")
        }
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "\(path) does not accept \(request.method.rawValue); it accepts \(allowed).",
            headers: [.allow: allowed])
    }
}
