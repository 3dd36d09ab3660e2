/// An event of a search, as its journal records it.
package enum TuningEvent: Codable, Equatable {
    /// The search began; always the first event.
    case began(plan: TuningPlan)
    /// A trial was created.
    case trial(number: Int, settings: [Setting], epochs: Int)
    /// An epoch of a trial was measured; `seconds` is the working time since the previous event.
    case epoch(number: Int, epoch: Int, value: Double, seconds: Double)
    /// A trial was trained to its end.
    case finished(number: Int, seconds: Double)
    /// A trial failed and cannot continue.
    case failed(number: Int, reason: String, seconds: Double)
    /// A trial was paused and may continue later.
    case paused(number: Int, seconds: Double)
}
