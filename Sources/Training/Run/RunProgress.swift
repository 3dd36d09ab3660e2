import Checkpoint
import FoundationEssentials
public import Runs

/// The progress of the run in a directory.
public enum RunProgress: Sendable {
    /// There is no run.
    case none
    /// The run can be resumed; it has completed these epochs.
    case unfinished([EpochRecord])
    /// The run is finished, and its checkpoint is in place.
    case finished([EpochRecord], best: EpochRecord)
}

extension RunDirectory {
    /// Returns the progress of a job in this directory.
    ///
    /// - Parameter job: The job of the run.
    /// - Returns: The progress.
    /// - Throws: ``TrainingError/state(_:)`` if the directory holds a run with another recipe or other data, or if its
    ///   files cannot be read.
    public func progress(of job: TrainingJob) throws(TrainingError) -> RunProgress {
        // The weights are the last file that a run puts in place.
        if holdsWeights {
            let record = try TrainingRecord.read(self)
            let differences = job.differences(recipe: record.recipe, labels: record.labels, data: record.data)
            guard differences.isEmpty else {
                throw .state(
                    "\(path) holds a checkpoint that was trained with other settings or data: \(differences.joined(separator: "; ")). Choose another --out, or move the checkpoint away."
                )
            }
            guard let best = record.history.first(where: { $0.epoch == record.bestEpoch }) else {
                throw .state("\(path)/training.json has no best epoch. To train again, move \(path) away.")
            }
            return .finished(record.history, best: best)
        }
        guard holdsState else { return .none }
        let state = try RunState.read(self)
        try state.check(job, in: self)
        return .unfinished(state.history)
    }
}

extension TrainingRecord {
    /// Reads `training.json` from a directory.
    fileprivate static func read(_ directory: RunDirectory) throws(TrainingError) -> TrainingRecord {
        do {
            let file = try CheckpointDirectory(path: directory.path).file("training.json")
            return try RecordJSON.decode(TrainingRecord.self, from: file)
        } catch {
            throw .state(
                "\(directory.path) holds a checkpoint whose training.json cannot be read: \(FileFailure.reason(error)). To train again, move the directory away."
            )
        }
    }
}
