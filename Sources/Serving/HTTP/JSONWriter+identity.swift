internal import JSON
import Labelling

extension JSONWriter {
    /// Writes the name of the model that answered and the version of the program.
    mutating func identity(of model: ServedModel) {
        member("model", model.name)
        member("version", version)
    }
}
