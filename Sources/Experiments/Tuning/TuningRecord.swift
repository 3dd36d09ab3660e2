/// The content of `tuning.json`: a finished search.
public struct TuningRecord: Sendable, Encodable {
    /// Name of the file.
    public static let fileName = "tuning.json"

    /// Plan of the search.
    public let plan: TuningPlan
    /// Limit on the number of trials, if any.
    public let trialLimit: Int?
    /// Limit on the working time in seconds, if any.
    public let secondsLimit: Double?
    /// Working time in seconds.
    public let seconds: Double
    /// Number of the best trial.
    public let best: Int
    /// Trials in the order of their numbers.
    public let trials: [Trial]

    init(plan: TuningPlan, limits: TuningLimits, state: TuningState, best: Int) {
        self.plan = plan
        trialLimit = limits.trials
        secondsLimit = limits.seconds
        seconds = state.seconds
        self.best = best
        trials = state.trials
    }
}
