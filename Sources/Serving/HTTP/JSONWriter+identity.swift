internal import JSON
import Labelling

extension JSONWriter {
    /// What answered.
    mutating func identity(of model: ServedModel) {
        member("model", model.name)
        member("version", version)
    }
}
