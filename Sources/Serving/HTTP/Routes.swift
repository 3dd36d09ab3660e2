import HTTPTypes
public import Hummingbird
import JSON
import Kernels
import Labelling
import Model
import NIOCore

/// The paths of the service, the same for tests and for a live server.
///
/// - Parameters:
///   - model: Answers, or says why it cannot.
///   - settings: The limits and defaults of requests.
/// - Returns: A router that answers every failure with a problem document.
public func routes(_ model: ModelService, _ settings: Settings) -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
    let paths: [String: [HTTPRequest.Method]] = [
        "/predict": [.post], "/health": [.get, .head], "/health/live": [.get, .head], "/health/ready": [.get, .head],
        "/info": [.get, .head],
    ]
    router.add(middleware: ProblemMiddleware(paths: paths))
    router.post("/predict") { request, _ in
        try await predict(request, model, settings)
    }
    router.get("/health") { _, _ in health(model) }
    router.get("/health/ready") { _, _ in health(model) }
    router.get("/health/live") { _, _ in
        Response(json: "application/json") { $0.object { $0.member("status", "alive") } }
    }
    router.get("/info") { _, _ in
        let service = try model.loaded()
        return Response(json: "application/json") { $0.info(service, settings) }
    }
    return router
}

private func predict(_ request: Request, _ model: ModelService, _ settings: Settings) async throws -> Response {
    let start = ContinuousClock.now
    let limit = settings.requestLimits.bodyBytes
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
        return tooLarge(limit).response(discarding: request.body)
    }
    // Read before anything is refused: a client that is still sending does not listen.
    let body = try await bytes(of: request.body, limit: limit)
    let service = try model.loaded()
    let deadline = try Deadline(of: request, from: start, limit: settings.requestTimeout)
    let headings = try headingPolicy(of: request, default: settings.headings)
    let isText = try bodyIsPlainText(request)
    let asked =
        isText
        ? try PredictRequest(text: body, headings: headings)
        : try PredictRequest(json: body, headings: headings, limits: settings.requestLimits)
    let labels = service.labeller.labels
    switch asked.subject {
    case .one(let content):
        let labelled = try await service.label(content, headings: asked.headings, deadline: deadline)
        return Response { json in
            json.object { json in
                json.members(of: labelled, labels: labels)
                json.identity(of: service)
            }
        }
    case .batch(let items):
        let results = try await service.label(items, headings: asked.headings, deadline: deadline)
        return Response { json in
            json.object { json in
                json.key("abstracts")
                json.array(zip(items, results)) { json, pair in
                    json.object { json in
                        if let id = pair.0.id { json.member("id", id) }
                        switch pair.1 {
                        case .success(let labelled): json.members(of: labelled, labels: labels)
                        case .failure(let problem):
                            json.key("error")
                            problem.write(to: &json)
                        }
                    }
                }
                json.identity(of: service)
            }
        }
    case .texts(let texts):
        let labelled = try await service.label(texts: texts, deadline: deadline)
        return Response { json in json.array(labelled) { $0.text($1, labels: labels) } }
    }
}

private func tooLarge(_ limit: Int) -> Problem {
    Problem(
        .contentTooLarge, "the body is larger than \(limit) bytes, the most this service takes. Send several requests.")
}

/// The body, read to its end even where it is too large.
private func bytes(of body: RequestBody, limit: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    var count = 0
    do {
        for try await part in body {
            count += part.readableBytes
            if count <= limit { bytes.append(contentsOf: part.readableBytesView) }
        }
    } catch let error as CancellationError {
        throw error
    } catch {
        throw Problem(
            .badRequest, "the body broke off or was not framed as its header fields say: \(error).",
            headers: [.connection: "close"])
    }
    guard count <= limit else { throw tooLarge(limit) }
    return bytes
}

private func health(_ model: ModelService) -> Response {
    switch model.phase {
    case .ready(let service):
        Response { json in
            json.object { json in
                json.member("status", "ok")
                json.identity(of: service)
            }
        }
    case .loading: unavailable("loading", "the model is loading")
    case .failed(let reason): unavailable("failed", reason)
    case .draining: unavailable("draining", "the service is shutting down")
    }
}

private func unavailable(_ status: String, _ reason: String) -> Response {
    Response(status: .serviceUnavailable) { json in
        json.object { json in
            json.member("status", status)
            json.member("reason", reason)
            json.member("version", version)
        }
    }
}

/// `?headings=use|ignore`.
private func headingPolicy(of request: Request, default fallback: HeadingPolicy) throws(Problem) -> HeadingPolicy {
    guard let value = request.uri.queryParameters["headings"] else { return fallback }
    guard let policy = HeadingPolicy(rawValue: String(value)) else {
        throw Problem(.unprocessableContent, "the query's headings is \"\(value)\"; expected use or ignore.")
    }
    return policy
}

/// Whether the body is plain text; otherwise it is JSON.
private func bodyIsPlainText(_ request: Request) throws(Problem) -> Bool {
    guard let field = request.headers[.contentType] else { return false }
    let parts = field.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" } }
    for parameter in parts.dropFirst()
    where parameter.hasPrefix("charset=") && !["charset=utf-8", "charset=utf8", "charset=us-ascii"].contains(parameter)
    {
        throw Problem(.unsupportedMediaType, "content-type is \"\(field)\"; expected UTF-8.")
    }
    switch parts.first ?? "" {
    case "text/plain": return true
    case "application/json": return false
    case let type where type.hasPrefix("application/") && type.hasSuffix("+json"): return false
    default:
        throw Problem(
            .unsupportedMediaType, "content-type is \"\(field)\"; expected application/json or text/plain.",
            headers: [.acceptPost: "application/json, text/plain"])
    }
}

extension HTTPField.Name {
    /// RFC 5789's twin for POST (Linked Data Platform, §7.1).
    fileprivate static let acceptPost = HTTPField.Name("Accept-Post") ?? .accept
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    fileprivate mutating func identity(of service: LoadedService) {
        member("model", service.name)
        member("version", version)
    }

    fileprivate mutating func info(_ service: LoadedService, _ settings: Settings) {
        let configuration = service.labeller.model.configuration
        object { json in
            json.identity(of: service)
            json.member("task", "\(configuration.task)")
            json.key("labels")
            json.array(service.labeller.labels) { $0.string($1) }
            json.key("encoder")
            json.object { json in
                for (name, value) in [
                    ("layers", configuration.layers), ("width", configuration.width), ("heads", configuration.heads),
                    ("intermediate_width", configuration.intermediateWidth),
                    ("vocabulary", configuration.vocabularySize), ("window_pieces", configuration.windowPieces),
                    ("sentence_pieces", configuration.sentencePieces),
                ] {
                    json.key(name)
                    json.integer(value)
                }
            }
            json.key("limits")
            json.object { json in
                for (name, value) in [
                    ("body_bytes", settings.requestLimits.bodyBytes), ("items", settings.requestLimits.items),
                    ("sentences", settings.requestLimits.sentences),
                    ("waiting_tokens", settings.batchLimits.waitingTokens),
                    ("wait_seconds", Int(settings.batchLimits.wait / .seconds(1))),
                    ("batch_tokens", settings.batchLimits.batchTokens),
                    ("request_seconds", Int(settings.requestTimeout / .seconds(1))),
                ] {
                    json.key(name)
                    json.integer(value)
                }
            }
            json.member("headings", settings.headings.rawValue)
            json.member("precision", settings.precision.rawValue)
            json.member("products", settings.precision.instructionSet)
            json.member("instruction_set", Arithmetic.instructionSet)
            json.key("workers")
            json.integer(settings.workers)
            json.key("threads")
            json.integer(settings.threads)
        }
    }
}
