import Checkpoint
import FoundationEssentials
import Glibc
import MLflow

/// The paths of a tracked run's files, which are in `tracking/` in the run's directory.
package struct TrackingPaths: Sendable {
    /// The directory of the run.
    let directory: String

    static let folder = "tracking"
    /// The folder of artifacts, relative to the run's directory.
    static let artifactsName = "\(folder)/artifacts"
    static let journalName = "\(folder)/journal.jsonl"

    /// The path of the journal.
    package var journal: String { "\(directory)/\(Self.journalName)" }
    var state: String { "\(directory)/\(Self.folder)/sent.json" }
    var parts: String { "\(directory)/\(Self.folder)/parts" }
    var artifacts: String { "\(directory)/\(Self.artifactsName)" }

    /// Creates the paths for the run in `directory`.
    package init(_ directory: String) {
        self.directory = directory
    }

    /// Creates the folder. For a new run, the folder of an earlier run in this directory is renamed first.
    func prepare(resuming: Bool) throws(TrackingError) {
        let folder = "\(directory)/\(Self.folder)"
        if !resuming, FileManager.default.fileExists(atPath: journal) {
            let aside = "\(folder)-\(RunKey.random().prefix(8))"
            guard unsafe rename(folder, aside) == 0 else {
                throw .journal(path: journal, reason: FileFailure.reason(errno))
            }
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .journal(path: folder, reason: "creating the directory failed: \(FileFailure.reason(error))")
        }
    }

    /// Returns the lock that permits writing and sending the journal.
    func lock() throws(TrackingError) -> DirectoryLock {
        guard let lock = DirectoryLock("\(directory)/\(Self.folder)") else {
            throw .journal(
                path: journal, reason: "another process is writing or sending it; wait until that process has ended")
        }
        return lock
    }

    /// Returns the progress of delivery to `destination`; it is zero if the run was sent elsewhere before.
    ///
    /// If a power failure removed entries from the end of the journal after they were sent, all earlier and future
    /// deliveries are in doubt, because the store may know steps that will be repeated.
    func deliveryState(to destination: Destination) throws(TrackingError) -> DeliveryState {
        var fresh = DeliveryState(destination: destination.description)
        if let state = DeliveryState.read(state), state.destination == fresh.destination {
            if try JournalReader.isLineEnd(state.offset, of: journal) { return state }
            fresh.reached = .max
        }
        do {
            try fresh.write(to: state)
        } catch {
            throw .journal(path: state, reason: FileFailure.reason(error))
        }
        return fresh
    }
}
