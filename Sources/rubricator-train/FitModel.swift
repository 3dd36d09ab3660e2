import ArgumentParser
import Baselines

/// What `fit` trains.
enum FitModel: Equatable, ExpressibleByArgument {
    /// A checkpoint.
    case bert
    case baseline(BaselineKind)

    init?(argument: String) {
        if argument == "bert" {
            self = .bert
        } else if let kind = BaselineKind(rawValue: argument) {
            self = .baseline(kind)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { ["bert"] + BaselineKind.allCases.map(\.rawValue) }
    var defaultValueDescription: String { "bert" }
}
