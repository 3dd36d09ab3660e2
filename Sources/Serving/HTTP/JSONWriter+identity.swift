internal import JSON
import Labelling

extension JSONWriter {
    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: Int) {
        key(name)
        integer(value)
    }

    /// What answered.
    mutating func identity(of model: ServedModel) {
        member("model", model.name)
        member("version", version)
    }
}
