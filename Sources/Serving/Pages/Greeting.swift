internal import HTTPTypes
import Hummingbird
internal import JSON

/// Answers `/`: with the demo page for browsers, and with a short JSON greeting for other clients.
struct Greeting {
    let models: ModelService

    func response(to request: Request) -> Response {
        let accepted = AcceptedWeights(request.headers[values: .accept])
        let html = accepted("text/html") ?? 0
        let json = accepted("application/json", "application/*", "*/*") ?? 0
        var response = html > 0 && html >= json ? Page.start.response() : words()
        response.headers[.vary] = "accept"
        return response
    }

    private func words() -> Response {
        Response { json in
            json.object { json in
                json.member("message", "Welcome. POST texts to /predict; /docs tells how.")
                if let model = models.models.first { json.identity(of: model) }
            }
        }
    }
}
