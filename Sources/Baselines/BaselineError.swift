/// The reason that a baseline cannot be loaded.
public enum BaselineError: Error, CustomStringConvertible, Equatable {
    /// A file of the baseline's directory is missing, damaged or belongs to another baseline.
    case file(path: String, problem: String)

    /// Sentences that say which file is wrong, why, and what to do.
    public var description: String {
        switch self {
        case .file(let path, let problem): "\(path): \(problem) Train the baseline again, or copy its directory again."
        }
    }
}
