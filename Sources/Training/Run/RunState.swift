import Runs
import Checkpoint

/// How far a run has come, beside its tensors: `state.json`.
struct RunState: Codable, Equatable {
    /// Every choice.
    var recipe: Recipe
    /// The label names.
    var labels: [String]
    /// What it learns from.
    var data: DataRecord
    /// The trained model's own name.
    var name: String
    /// Steps taken.
    var step = 0
    /// Σ loss and items since the current epoch's start.
    var epochLoss = 0.0
    var epochItems = 0
    /// Seconds of work so far.
    var seconds = 0.0
    /// The epochs that were evaluated.
    var history: [EpochRecord] = []
    /// The best of them, from 1.
    var bestEpoch: Int?
    /// The file beside `state.json` with the tensors.
    var tensors: String?

    /// The record of the best epoch.
    var best: EpochRecord? { bestEpoch.flatMap { epoch in history.first { $0.epoch == epoch } } }

    /// Reads `state.json`.
    static func read(_ directory: RunDirectory) throws(TrainingError) -> RunState {
        do {
            return try RecordJSON.decode(
                RunState.self, from: CheckpointDirectory(path: directory.statePath).file("state.json"))
        } catch {
            throw .state(
                "\(directory.stateFile) cannot be read (\(error)). It was written by another version or is damaged: train again in another --out."
            )
        }
    }

    /// `state.json`
    func json() throws -> [UInt8] {
        try RecordJSON.encode(self)
    }

    /// Refuses to go on with a run that learns something else.
    ///
    /// - Throws: ``TrainingError/state(_:)`` naming every difference.
    func check(_ job: TrainingJob, in directory: RunDirectory) throws(TrainingError) {
        let differences = job.differences(recipe: recipe, labels: labels, data: data)
        guard differences.isEmpty else {
            throw .state(
                "\(directory.path) holds a run that differs from this one in \(differences.joined(separator: "; ")). Give the same command with --resume, or another --out."
            )
        }
    }
}
