/// An error that prevents a checkpoint from being used as a model.
public enum ModelError: Error, CustomStringConvertible, Equatable {
    /// `config.json` is invalid or asks for something that is not supported; the value is a sentence about it.
    case configuration(String)
    /// The tensors do not fit the configuration; `problems` has one sentence for each.
    case parameters(source: String, problems: [String])

    /// The message for people: where the problem is, what was expected and what was found.
    public var description: String {
        switch self {
        case .configuration(let sentence): "config.json: \(sentence)"
        case .parameters(let source, let problems):
            "\(source): the tensors do not match the network in config.json:\n"
                + problems.map { "  - \($0)" }.joined(separator: "\n")
        }
    }
}
