internal import JSON
import Kernels
import Labelling
import Model

extension JSONWriter {
    /// The model card of `/info`: the checkpoint, and the limits and settings of the service.
    mutating func info(_ model: ServedModel, of models: [ServedModel], _ settings: Settings) {
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
