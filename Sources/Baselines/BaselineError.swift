/// Why a baseline cannot be read.
public enum BaselineError: Error, CustomStringConvertible, Equatable {
    /// A file of its directory is missing, damaged or another's.
    case file(path: String, problem: String)

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .file(let path, let problem): "\(path): \(problem) Train the baseline again, or copy its directory anew."
        }
    }
}
