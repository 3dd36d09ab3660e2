public import Training

/// What decides how a tuning goes, but for how long: a tuning goes on only by the plan it began with.
public struct TuningPlan: Sendable, Codable, Equatable {
    /// The ranges as they were given.
    public let searches: [String]
    /// How combinations are chosen.
    public let strategy: SearchStrategy
    /// Decides the draws.
    public let seed: UInt64
    /// Which trials go on; `nil` for every one to its end.
    public let halving: SuccessiveHalving?
    /// What all trials have in common, as options and values.
    public let common: [Setting]
    /// SHA-256 of the training data's items and, where there are any, of the development data's.
    public let data: [String]

    /// A plan.
    ///
    /// - Parameters:
    ///   - searches: As ``SearchDimension`` reads them.
    ///   - strategy: How combinations are chosen.
    ///   - seed: Decides the draws.
    ///   - halving: Which trials go on; `nil` for every one to its end.
    ///   - recipe: What all trials have in common.
    ///   - training: What they learn from.
    ///   - development: What they are measured on; `nil` for a share of `training`.
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

    /// What may be tried.
    func space() throws(ExperimentError) -> SearchSpace { try SearchSpace(searches) }

    /// What differs from another plan, in words; empty where nothing does.
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
            .map { "\($0.0) (\($1.1) then, \($0.1) now)" }
    }
}

/// When a tuning begins no more trials.
public struct TuningLimits: Sendable, Equatable {
    /// How many are begun at most.
    public var trials: Int?
    /// Seconds of work, what it takes to train the best one to its end included.
    public var seconds: Double?

    /// Limits.
    ///
    /// - Throws: ``ExperimentError/plan(_:)`` where there are none, or they make no sense.
    public init(trials: Int?, seconds: Double?) throws(ExperimentError) {
        guard trials != nil || seconds != nil else { throw .plan("a search needs an end: give --budget or --trials.") }
        if let trials, trials < 1 { throw .plan("--trials is \(trials); expected a whole number from 1.") }
        if let seconds, !(seconds > 0) { throw .plan("--budget is \(seconds) seconds; expected more than none.") }
        self.trials = trials
        self.seconds = seconds
    }
}
