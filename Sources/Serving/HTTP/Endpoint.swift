internal import HTTPTypes

/// A path and method of the service. Routing errors, API keys, metrics and the test of `/openapi.json` all use this
/// list.
struct Endpoint: Hashable, Sendable {
    let method: HTTPRequest.Method
    /// The path, with parameters in braces.
    let path: String
    /// Every status that the endpoint answers with.
    let statuses: Set<Int>
    /// Whether requests need an API key if the service has any.
    var needsKey = true
    /// Whether machines request it so often that its log lines have only the level debug.
    var isProbe = false

    static let all = [
        predict, health, ready, live, info, metrics, reload, page, pageStyle, pageScript, documentation,
        documentationScript,
        openAPI,
        openInference, openInferenceLive, openInferenceReady, openInferenceModel, openInferenceModelReady,
        openInferenceVersion, openInferenceVersionReady, infer, inferVersion,
    ]

    static let predict = Endpoint(
        method: .post, path: "/predict",
        statuses: failures([400, 404, 408, 413, 415, 422, 429, 499, 500, 503, 504]))
    static let health = Endpoint(
        method: .get, path: "/health", statuses: [200, 503], needsKey: false, isProbe: true)
    static let ready = Endpoint(
        method: .get, path: "/health/ready", statuses: [200, 503], needsKey: false, isProbe: true)
    static let live = Endpoint(method: .get, path: "/health/live", statuses: [200], needsKey: false, isProbe: true)
    static let info = Endpoint(method: .get, path: "/info", statuses: failures([404, 503]))
    static let metrics = Endpoint(method: .get, path: "/metrics", statuses: failures([]), isProbe: true)
    static let reload = Endpoint(method: .post, path: "/admin/reload", statuses: failures([403, 409, 422, 503]))
    static let page = page("/")
    static let pageStyle = page("/page.css")
    static let pageScript = page("/page.js")
    static let documentation = page("/docs")
    static let documentationScript = page("/docs.js")
    static let openAPI = page("/openapi.json")
    static let openInference = Endpoint(method: .get, path: "/v2", statuses: failures([]))
    static let openInferenceLive = Endpoint(
        method: .get, path: "/v2/health/live", statuses: [200], needsKey: false, isProbe: true)
    static let openInferenceReady = Endpoint(
        method: .get, path: "/v2/health/ready", statuses: [200, 503], needsKey: false, isProbe: true)
    static let openInferenceModel = model(.get, "")
    static let openInferenceModelReady = model(.get, "/ready")
    static let openInferenceVersion = model(.get, "/versions/{version}")
    static let openInferenceVersionReady = model(.get, "/versions/{version}/ready")
    static let infer = model(.post, "/infer")
    static let inferVersion = model(.post, "/versions/{version}/infer")
    /// Requests for any other path or method.
    static let unknown = Endpoint(method: .init("*") ?? .get, path: "*", statuses: [204, 400, 401, 404, 405])

    /// These statuses, 200, and 401 for a missing API key.
    private static func failures(_ statuses: Set<Int>) -> Set<Int> { statuses.union([200, 401]) }

    private static func page(_ path: String) -> Endpoint {
        Endpoint(method: .get, path: path, statuses: [200], needsKey: false)
    }

    private static func model(_ method: HTTPRequest.Method, _ path: String) -> Endpoint {
        let answers: Set<Int> = method == .post ? [400, 408, 413, 415, 422, 429, 499, 500, 504] : []
        return Endpoint(
            method: method, path: "/v2/models/{name}\(path)", statuses: failures(answers.union([404, 503])))
    }

    /// The endpoint that the router chose for a request. HEAD counts as GET.
    ///
    /// - Parameters:
    ///   - method: The method of the request.
    ///   - path: The path of the route as the router writes it.
    init?(_ method: HTTPRequest.Method, route path: String?) {
        let method = method == .head ? .get : method
        guard let endpoint = Self.all.first(where: { $0.method == method && $0.path == path }) else { return nil }
        self = endpoint
    }

    private init(
        method: HTTPRequest.Method, path: String, statuses: Set<Int>, needsKey: Bool = true, isProbe: Bool = false
    ) {
        self.method = method
        self.path = path
        self.statuses = statuses
        self.needsKey = needsKey
        self.isProbe = isProbe
    }

    /// What is measured of each endpoint, and of requests for anything else.
    static let measured = (all + [unknown]).map(\.measured)

    /// What is measured of this endpoint.
    var measured: MeasuredRoute { MeasuredRoute(path: path, method: method.rawValue, statuses: statuses) }

    /// The methods that are accepted at a path of a request; empty if there is no resource at this path.
    static func methods(at path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        let endpoints = all.filter { endpoint in
            let pattern = endpoint.path.split(separator: "/")
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.first == "{" || $0 == $1 }
        }
        return endpoints.flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
    }
}
