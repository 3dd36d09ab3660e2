/// Why an experiment cannot be made or go on.
public enum ExperimentError: Error, CustomStringConvertible, Equatable {
    /// The variants, the search or another choice makes no sense.
    case plan(String)
    /// What should be compared was not measured on the same items.
    case measurements(String)
    /// The directory or a file of the experiment cannot be used.
    case output(String)

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .plan(let sentence), .measurements(let sentence), .output(let sentence): sentence
        }
    }
}
