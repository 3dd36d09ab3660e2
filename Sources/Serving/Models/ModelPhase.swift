/// The stage of a service between its start and its end.
package enum ModelPhase: Equatable, Sendable {
    /// The first checkpoints are loading.
    case loading
    /// Every model passed its last self-check.
    case ready
    /// The last self-check failed for this reason. Models that passed it still answer.
    case failed(String)
    /// The service answers, but wants clients to go elsewhere.
    case draining
    /// The service no longer answers.
    case stopped
}
