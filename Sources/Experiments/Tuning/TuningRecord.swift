/// A finished tuning, as `tuning.json` tells it.
public struct TuningRecord: Sendable, Encodable {
    /// What it is called.
    public static let fileName = "tuning.json"

    /// What decided how it went.
    public let plan: TuningPlan
    /// The most trials, where they were limited.
    public let trialLimit: Int?
    /// The most seconds of work, where they were limited.
    public let secondsLimit: Double?
    /// Seconds of work.
    public let seconds: Double
    /// The best trial's number.
    public let best: Int
    /// By their numbers.
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
