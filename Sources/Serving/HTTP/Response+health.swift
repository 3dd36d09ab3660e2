import Hummingbird
import JSON
import Labelling

extension Response {
    /// Whether the service answers requests, and if not, why.
    static func health(of models: ModelService) -> Response {
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

    private static func unavailable(_ status: String, _ reason: String) -> Response {
        Response(status: .serviceUnavailable) { json in
            json.object { json in
                json.member("status", status)
                json.member("reason", reason)
                json.member("version", version)
            }
        }
    }
}
