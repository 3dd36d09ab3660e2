/// Why a checkpoint cannot be used as a model.
public enum ModelError: Error, CustomStringConvertible, Equatable {
    /// `config.json` asks for something this program does not do, or contradicts itself.
    case configuration(String)
    /// The tensors do not fit the configuration; one sentence for each.
    case parameters(source: String, problems: [String])

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .configuration(let sentence): "config.json: \(sentence)"
        case .parameters(let source, let problems):
            "\(source) does not hold the network that config.json describes:\n"
                + problems.map { "  - \($0)" }.joined(separator: "\n")
        }
    }
}
