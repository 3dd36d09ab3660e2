/// Two checkpoints have the same name.
struct DuplicateModel: Error, CustomStringConvertible {
    /// The name of both.
    let name: String

    var description: String {
        "two checkpoints are named \(name); give each its own name with --model NAME=DIRECTORY."
    }
}
