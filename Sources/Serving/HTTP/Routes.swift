import HTTPTypes
public import Hummingbird
import JSON
import Kernels
import Labelling
import Model

/// The paths of the service, the same for tests and for a live server.
///
/// - Parameters:
///   - models: Answer, or say why they cannot.
///   - settings: The limits and defaults of requests.
///   - metrics: Are told of every request.
///   - keys: Let requests in; all where absent.
/// - Returns: A router that answers every failure with a problem document.
public func routes(
    _ models: ModelService, _ settings: Settings, metrics: ServiceMetrics = ServiceMetrics(), keys: APIKeys? = nil
) -> Router<ServiceContext> {
    let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: AccessMiddleware(metrics: metrics))
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
    let predict = Predict(
        models: models, settings: settings, metrics: metrics,
        bodies: HeldBodies(atMost: settings.requestLimits.heldBytes, metrics: metrics))
    add(.predict) { request, context in try await WorkThreads.run { try await predict.answer(request, context) } }
    add(.health) { _, _ in health(models) }
    add(.ready) { _, _ in health(models) }
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
    let openInference = OpenInference(predict: predict)
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

private func health(_ models: ModelService) -> Response {
    switch models.phase {
    case .ready:
        Response { json in
            json.object { json in
                json.member("status", "ok")
                if let model = models.models.first { json.identity(of: model) }
            }
        }
    case .loading: unavailable("loading", "the model is loading")
    case .failed(let reason): unavailable("failed", reason)
    case .draining, .stopped: unavailable("draining", "the service is shutting down")
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

extension JSONWriter {
    fileprivate mutating func info(_ model: ServedModel, of models: [ServedModel], _ settings: Settings) {
        let configuration = model.labeller.model.configuration
        object { json in
            json.identity(of: model)
            json.member("generation", model.generation)
            json.key("models")
            json.array(models) { $0.string($1.name) }
            json.member("task", "\(configuration.task)")
            json.key("labels")
            json.array(model.labels) { $0.string($1) }
            json.key("encoder")
            json.object { json in
                json.member("layers", configuration.layers)
                json.member("width", configuration.width)
                json.member("heads", configuration.heads)
                json.member("intermediate_width", configuration.intermediateWidth)
                json.member("vocabulary", configuration.vocabularySize)
                json.member("window_pieces", configuration.windowPieces)
                json.member("sentence_pieces", configuration.sentencePieces)
            }
            json.key("limits")
            json.object { json in
                json.member("body_bytes", settings.requestLimits.bodyBytes)
                json.member("items", settings.requestLimits.items)
                json.member("sentences", settings.requestLimits.sentences)
                json.member("waiting_tokens", settings.batchLimits.waitingTokens)
                json.member("wait_seconds", Int(settings.batchLimits.wait / .seconds(1)))
                json.member("batch_tokens", settings.batchLimits.batchTokens)
                json.member("request_seconds", Int(settings.requestTimeout / .seconds(1)))
                json.member("body_seconds", Int(settings.bodyTimeout / .seconds(1)))
                json.member("connections", settings.connections)
            }
            json.member("headings", settings.headings.rawValue)
            json.member("precision", settings.precision.rawValue)
            json.member("products", settings.precision.instructionSet)
            json.member("instruction_set", Arithmetic.instructionSet)
            json.member("workers", settings.workers)
            json.member("threads", settings.threads)
            if let drift = model.drift {
                json.key("drift")
                drift.write(to: &json)
            }
        }
    }
}
