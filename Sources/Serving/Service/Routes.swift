import HTTPTypes
public import Hummingbird
import JSON

/// Creates the router of the service, for the program and for tests.
///
/// - Parameters:
///   - models: The models that answer.
///   - settings: The settings of the service.
///   - metrics: The metrics that `/metrics` shows; new ones if absent.
///   - keys: The API keys that requests need; `nil` if they need none.
/// - Returns: A router that answers every error with a problem document.
public func routes(
    _ models: ModelService, _ settings: Settings, metrics: ServiceMetrics? = nil, keys: APIKeys? = nil
) -> Router<ServiceContext> {
    let metrics = metrics ?? ServiceMetrics(measuring: Endpoint.measured, codes: ProblemCode.allCases.map(\.rawValue))
    let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestLogMiddleware(metrics: metrics))
    if !settings.corsOrigins.isEmpty { router.add(middleware: CrossOriginMiddleware(origins: settings.corsOrigins)) }
    router.add(middleware: CompressionMiddleware())
    router.add(middleware: DrainMiddleware(models: models))
    if let keys { router.add(middleware: KeyMiddleware(keys: keys)) }
    router.add(middleware: ProblemMiddleware())

    func add(
        _ endpoint: Endpoint, _ answer: @escaping @Sendable (Request, ServiceContext) async throws -> Response
    ) {
        router.on("\(endpoint.path)", method: endpoint.method, use: answer)
    }
    let requests = settings.ofRequests
    let bodies = HeldBodies(atMost: requests.limits.heldBytes) { metrics.holds(bodyBytes: $0) }
    let reader = BodyReader(limits: requests.limits, bodies: bodies, logsTexts: requests.logsTexts)
    let predict = Predict(models: models, settings: requests, metrics: metrics, reader: reader)
    add(.predict) { request, context in try await WorkThreads.run { try await predict.answer(request, context) } }
    add(.health) { _, _ in .health(of: models) }
    add(.ready) { _, _ in .health(of: models) }
    add(.live) { _, _ in Response { $0.object { $0.member("status", "alive") } } }
    add(.info) { request, _ in
        let model = try models.model(named: request.uri.queryParameters["model"].map(String.init))
        return Response { $0.info(model, of: models.models, settings) }
    }
    add(.metrics) { _, _ in
        for model in models.models { model.drift?.update() }
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
    }
    add(.reload) { _, context in
        try settings.reloading.allow(context, keys)
        try await models.reload(with: keys)
        return Response { json in
            json.object { json in
                json.key("models")
                json.array(models.models) { json, model in
                    json.object { json in
                        json.member("model", model.name)
                        json.member("generation", model.generation)
                    }
                }
            }
        }
    }
    let openInference = OpenInference(models: models, settings: requests, metrics: metrics, reader: reader)
    add(.openInference) { _, _ in openInference.server() }
    add(.openInferenceLive) { _, _ in openInference.live() }
    add(.openInferenceReady) { _, _ in openInference.ready() }
    for endpoint in [Endpoint.openInferenceModel, .openInferenceVersion] {
        add(endpoint) { _, context in try openInference.metadata(context) }
    }
    for endpoint in [Endpoint.openInferenceModelReady, .openInferenceVersionReady] {
        add(endpoint) { _, context in try openInference.ready(context) }
    }
    for endpoint in [Endpoint.infer, .inferVersion] {
        add(endpoint) { request, context in
            try await WorkThreads.run { try await openInference.infer(request, context) }
        }
    }
    let greeting = Greeting(models: models)
    add(.page) { request, _ in greeting.response(to: request) }
    for page in Page.others { add(page.endpoint) { _, _ in page.response() } }
    return router
}
