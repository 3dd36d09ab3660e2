/// What happened in a tuning, as its journal keeps it.
package enum TuningEvent: Codable, Equatable {
    /// First: what it is about.
    case began(plan: TuningPlan)
    /// A trial is to be trained.
    case trial(number: Int, settings: [Setting], epochs: Int)
    /// An epoch of it was measured, after so many seconds of work since what stands before.
    case epoch(number: Int, epoch: Int, value: Double, seconds: Double)
    /// It was trained to its end.
    case finished(number: Int, seconds: Double)
    /// It cannot go on.
    case failed(number: Int, reason: String, seconds: Double)
    /// It was left, to be gone on with perhaps.
    case paused(number: Int, seconds: Double)
}
