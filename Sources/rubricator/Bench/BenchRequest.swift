import JSON
import Labelling
import Serving

/// One abstract as a client sends it.
struct BenchRequest {
    /// JSON.
    let body: [UInt8]

    init(_ content: PredictRequest.Item.Content) {
        var json = JSONWriter()
        json.object { json in
            switch content {
            case .text(let text):
                json.member("abstract", text)
            case .sentences(let sentences):
                json.key("sentences")
                json.array(sentences) { $0.string($1) }
            }
        }
        body = json.bytes
    }

    /// What the service reads out of the body.
    var content: PredictRequest.Item.Content? {
        guard let request = try? PredictRequest(json: body, headings: .use, limits: RequestLimits()),
            case .one(let content) = request.subject
        else { return nil }
        return content
    }

    /// Divided into sentences.
    func abstract(_ labeller: Labeller) -> Abstract? {
        switch content {
        case .text(let text): labeller.abstract(text)
        case .sentences(let sentences): Abstract(sentences: sentences)
        case nil: nil
        }
    }

    /// In windows.
    func prepared(_ labeller: Labeller) -> PreparedAbstract? {
        abstract(labeller).flatMap { try? labeller.prepare($0) }
    }
}
