import Checkpoint
import Runs

/// The progress of a run as stored in `state.json`, without its tensors.
struct RunState: Codable, Equatable {
    /// The recipe of the run.
    var recipe: Recipe
    /// The label names, in the order of the head's rows.
    var labels: [String]
    /// The training and development data.
    var data: DataRecord
    /// The name of the trained model.
    var name: String
    /// The number of completed steps.
    var step = 0
    /// The sum of the loss and the number of items since the start of the current epoch.
    var epochLoss = 0.0
    var epochItems = 0
    /// The working time in seconds.
    var seconds = 0.0
    /// The records of the completed epochs.
    var history: [EpochRecord] = []
    /// The number of the best epoch, from 1; `nil` before the first evaluation.
    var bestEpoch: Int?
    /// The name of the file with the tensors in the same directory.
    var tensors: String?

    /// The record of the best epoch.
    var best: EpochRecord? { bestEpoch.flatMap { epoch in history.first { $0.epoch == epoch } } }

    /// Reads `state.json` from a run's directory.
    static func read(_ directory: RunDirectory) throws(TrainingError) -> RunState {
        do {
            return try RecordJSON.decode(
                RunState.self, from: CheckpointDirectory(path: directory.statePath).file("state.json"))
        } catch {
            throw .state(
                "\(directory.stateFile) cannot be read: \(FileFailure.reason(error)). The file is damaged or was written by another version; train again in another --out."
            )
        }
    }

    /// Returns the bytes of `state.json`.
    func json() throws -> [UInt8] {
        try RecordJSON.encode(self)
    }

    /// Checks that a job is the one that this state belongs to.
    ///
    /// - Throws: ``TrainingError/state(_:)`` with every difference.
    func check(_ job: TrainingJob, in directory: RunDirectory) throws(TrainingError) {
        let differences = job.differences(recipe: recipe, labels: labels, data: data)
        guard differences.isEmpty else {
            throw .state(
                "\(directory.path) holds a run with other settings or data: \(differences.joined(separator: "; ")). Repeat the original command with --resume, or choose another --out."
            )
        }
    }
}
