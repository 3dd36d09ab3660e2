import Runs

/// The content of `training.json`, which describes how a checkpoint was trained.
struct TrainingRecord: Codable {
    let recipe: Recipe
    let labels: [String]
    let data: DataRecord
    let steps: Int
    let seconds: Double
    let history: [EpochRecord]
    let bestEpoch: Int?

    init(_ state: RunState) {
        recipe = state.recipe
        labels = state.labels
        data = state.data
        steps = state.step
        seconds = state.seconds
        history = state.history
        bestEpoch = state.bestEpoch
    }
}
