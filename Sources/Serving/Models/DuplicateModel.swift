/// Two checkpoints go by one name.
struct DuplicateModel: Error, CustomStringConvertible {
    let name: String

    var description: String { "two checkpoints have the name \(name); give each its own: --model NAME=DIRECTORY." }
}
