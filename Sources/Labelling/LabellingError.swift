/// Why a checkpoint cannot label, or a request cannot be labelled.
public enum LabellingError: Error, CustomStringConvertible, Equatable {
    /// The files of a checkpoint contradict each other.
    case checkpoint(String)
    /// The checkpoint does another task than the one asked of it.
    case task(String)

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .checkpoint(let sentence), .task(let sentence): sentence
        }
    }
}
