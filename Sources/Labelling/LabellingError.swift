/// A reason why a checkpoint or a request cannot be used for labelling.
public enum LabellingError: Error, CustomStringConvertible, Equatable {
    /// The files of the checkpoint contradict each other or are malformed.
    case checkpoint(String)
    /// The checkpoint is for another task than the requested one.
    case task(String)

    /// A sentence that names the problem, what was expected and what to do.
    public var description: String {
        switch self {
        case .checkpoint(let sentence), .task(let sentence): sentence
        }
    }
}
