public import Corpora
public import Training

/// The plan of a search, without its limits. A search can be resumed only with the plan it began with.
public struct TuningPlan: Sendable, Codable, Equatable {
    /// Ranges as given on the command line.
    public let searches: [String]
    /// Strategy for choosing combinations.
    public let strategy: SearchStrategy
    /// Seed of the search.
    public let seed: UInt64
    /// Successive halving; `nil` to train every trial to its end.
    public let halving: SuccessiveHalving?
    /// Settings that all trials share.
    public let common: [Setting]
    /// SHA-256 digests of the items of the training data and, if given, of the development data.
    public let data: [String]

    /// Creates a plan.
    ///
    /// - Parameters:
    ///   - searches: The ranges in the syntax of ``SearchDimension``.
    ///   - strategy: The strategy for choosing combinations.
    ///   - seed: The seed of the search.
    ///   - halving: The successive halving; `nil` to train every trial to its end.
    ///   - recipe: The recipe that all trials share.
    ///   - training: The training data.
    ///   - development: The development data; `nil` to hold out a fraction of `training`.
    public init(
        searches: [String], strategy: SearchStrategy, seed: UInt64, halving: SuccessiveHalving?, recipe: Recipe,
        training: LabelledCorpus, development: LabelledCorpus?
    ) {
        self.searches = searches
        self.strategy = strategy
        self.seed = seed
        self.halving = halving
        common = recipe.settings.map { Setting(option: $0.option, value: $0.value) }
        data = [training.sha256] + (development.map { [$0.sha256] } ?? [])
    }

    /// Returns the space to search.
    func space() throws(ExperimentError) -> SearchSpace { try SearchSpace(searches) }

    /// Describes each difference from another plan.
    func differences(from other: TuningPlan) -> [String] {
        func list(_ plan: TuningPlan) -> [(String, String)] {
            [
                ("--search", plan.searches.joined(separator: ", ")), ("--strategy", plan.strategy.rawValue),
                ("--search-seed", "\(plan.seed)"),
                ("--eta and --first-rung", plan.halving.map { "\($0.reduction), \($0.firstRung)" } ?? "no halving"),
                ("the data", plan.data.map { "\($0.prefix(12))…" }.joined(separator: ", ")),
            ] + plan.common.map { ($0.option, $0.value) }
        }
        return zip(list(self), list(other)).filter { $0.1 != $1.1 }
            .map { "\($0.0) (changed from \($1.1) to \($0.1))" }
    }
}

/// The limits after which a search starts no more trials.
public struct TuningLimits: Sendable, Equatable {
    /// The largest number of trials.
    public var trials: Int?
    /// The largest working time in seconds, including the time to train the best trial to its end.
    public var seconds: Double?

    /// Creates limits.
    ///
    /// - Throws: ``ExperimentError/plan(_:)`` if there is no limit, or a limit is not positive.
    public init(trials: Int?, seconds: Double?) throws(ExperimentError) {
        guard trials != nil || seconds != nil else { throw .plan("a search needs a limit: pass --budget or --trials.") }
        if let trials, trials < 1 { throw .plan("--trials is \(trials); expected a whole number of at least 1.") }
        if let seconds, !(seconds > 0) { throw .plan("--budget is \(seconds) seconds; expected a time above 0.") }
        self.trials = trials
        self.seconds = seconds
    }
}
