/// The reason that an experiment cannot start or continue.
public enum ExperimentError: Error, CustomStringConvertible, Equatable {
    /// The variants, the search or other settings are not valid.
    case plan(String)
    /// The systems to compare were not measured on the same items or labels.
    case measurements(String)
    /// The directory or a file of the experiment cannot be used.
    case output(String)

    /// A sentence that says what is wrong, what was expected and what to do.
    public var description: String {
        switch self {
        case .plan(let sentence), .measurements(let sentence), .output(let sentence): sentence
        }
    }
}
