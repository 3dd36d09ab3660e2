public import Runs
import Checkpoint
import FoundationEssentials

/// How far a directory's run has come.
public enum RunProgress: Sendable {
    /// There is none.
    case none
    /// It can be resumed; these epochs are evaluated.
    case unfinished([EpochRecord])
    /// Its checkpoint is in place.
    case finished([EpochRecord], best: EpochRecord)
}

extension RunDirectory {
    /// Looks whether a job was begun here, or finished.
    ///
    /// - Parameter job: What the run should be about.
    /// - Returns: How far it has come.
    /// - Throws: ``TrainingError/state(_:)`` where the directory holds a run of another recipe or other data, or what it
    ///   says of itself cannot be read.
    public func progress(of job: TrainingJob) throws(TrainingError) -> RunProgress {
        // The weights are the last that a run puts in place.
        if holdsWeights {
            let record = try TrainingRecord.read(self)
            let differences = job.differences(recipe: record.recipe, labels: record.labels, data: record.data)
            guard differences.isEmpty else {
                throw .state(
                    "\(path) holds a checkpoint that came about otherwise: it differs in \(differences.joined(separator: "; ")). Give another directory, or move it away."
                )
            }
            guard let best = record.history.first(where: { $0.epoch == record.bestEpoch }) else {
                throw .state("\(path)/training.json names no best epoch. Move \(path) away to train again.")
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
    /// Reads `training.json`.
    fileprivate static func read(_ directory: RunDirectory) throws(TrainingError) -> TrainingRecord {
        do {
            let file = try CheckpointDirectory(path: directory.path).file("training.json")
            return try RecordJSON.decode(TrainingRecord.self, from: file)
        } catch {
            throw .state(
                "\(directory.path) holds a checkpoint whose training.json cannot be read (\(error)). Move it away to train again."
            )
        }
    }
}
