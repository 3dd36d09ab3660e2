import Checkpoint
import FoundationEssentials
import Glibc
import MLflow

/// The files of a tracked run: `tracking/` in the run's directory.
package struct TrackingPaths: Sendable {
    /// The run's directory.
    let directory: String

    static let folder = "tracking"
    /// Below the run's directory.
    static let artifactsName = "\(folder)/artifacts"
    static let journalName = "\(folder)/journal.jsonl"

    /// The journal.
    package var journal: String { "\(directory)/\(Self.journalName)" }
    var state: String { "\(directory)/\(Self.folder)/sent.json" }
    var parts: String { "\(directory)/\(Self.folder)/parts" }
    var artifacts: String { "\(directory)/\(Self.artifactsName)" }

    /// The paths for the run in `directory`.
    package init(_ directory: String) {
        self.directory = directory
    }

    /// Makes the folder. Where a new run begins, what an earlier one in this directory left is set aside.
    func prepare(resuming: Bool) throws(TrackingError) {
        let folder = "\(directory)/\(Self.folder)"
        if !resuming, FileManager.default.fileExists(atPath: journal) {
            let aside = "\(folder)-\(RunKey.random().prefix(8))"
            guard unsafe rename(folder, aside) == 0 else {
                throw .journal(path: journal, reason: TrackingError.reason(errno))
            }
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .journal(path: folder, reason: "it cannot be made")
        }
    }

    /// The right to write the journal and to send it.
    func lock() throws(TrackingError) -> DirectoryLock {
        guard let lock = DirectoryLock("\(directory)/\(Self.folder)") else {
            throw .journal(path: journal, reason: "the run goes on, or is being sent, elsewhere. Let that end")
        }
        return lock
    }

    /// What is delivered to `destination`; nothing, where the run was sent elsewhere before.
    ///
    /// Where the journal is not as it was sent, since the machine lost its power and the journal its end, all is asked about
    /// again, and so is everything that follows: the store may know of steps that are taken once more.
    func deliveryState(to destination: Destination) throws(TrackingError) -> DeliveryState {
        var fresh = DeliveryState(destination: destination.description)
        if let state = DeliveryState.read(state), state.destination == fresh.destination {
            if try JournalReader.isLineEnd(state.offset, of: journal) { return state }
            fresh.reached = .max
        }
        do {
            try fresh.write(to: state)
        } catch {
            throw .journal(path: state, reason: "\(error)")
        }
        return fresh
    }
}
