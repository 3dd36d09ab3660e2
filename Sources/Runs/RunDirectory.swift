package import Checkpoint
import Corpora
import FoundationEssentials
import Glibc

/// The output directory of a run. It holds the finished checkpoint, or until then `state/`, from which the run can be
/// resumed.
public struct RunDirectory: Sendable {
    /// The path of the directory.
    public let path: String

    package var statePath: String { "\(path)/state" }
    package var stateFile: String { "\(statePath)/state.json" }

    /// Creates a value for the directory at `path`, which may not exist yet.
    public init(path: String) {
        self.path = path
    }

    /// The last component of the path.
    public var name: String { path.lastPathComponent }

    /// Whether there is an unfinished run that can be resumed.
    public var holdsState: Bool { exists(stateFile) }

    /// Whether there is an unfinished or finished run, or any other checkpoint or baseline.
    public var holdsRun: Bool { holdsState || holdsModel }

    /// Whether there is a checkpoint or a baseline.
    ///
    /// Weights beside `state/`, without `config.json` or `baseline.json`, do not count: a baseline leaves them if the
    /// program is killed while writing it.
    var holdsModel: Bool {
        if exists("\(path)/baseline.json") { return true }
        return holdsWeights && (exists("\(path)/config.json") || !exists(statePath))
    }

    /// Whether there is a file of weights.
    package var holdsWeights: Bool { exists("\(path)/model.safetensors") }

    /// Prepares the directory, and checks that it can be written to before any work is done.
    ///
    /// - Parameters:
    ///   - resuming: Whether a run is being resumed.
    ///   - bytes: The most bytes that the run will write.
    /// - Returns: A lock on the directory, to be kept while it is written to.
    /// - Throws: ``TrainingError/output(_:)`` if the directory has unexpected contents, cannot be written to, is in use
    ///   by another run, or has too little free space.
    package func open(resuming: Bool, bytes: Int) throws(TrainingError) -> DirectoryLock {
        if resuming {
            guard holdsState else {
                throw .output(
                    holdsModel
                        ? "\(path) holds a finished run: there is nothing to resume. To train again, remove --resume and choose another --out."
                        : "\(path) holds no run to resume: state/state.json is missing. Check --out, or remove --resume."
                )
            }
        } else if holdsState {
            throw .output(
                "\(path) holds an unfinished run. Add --resume to continue it, choose another --out, or delete \(statePath)."
            )
        } else if holdsModel {
            throw .output("\(path) already holds a trained model. Choose another --out, or move the model away.")
        }
        do {
            try FileManager.default.createDirectory(atPath: statePath, withIntermediateDirectories: true)
            for directory in [path, statePath] {
                let probe = "\(directory)/probe"
                try write(Array("probe".utf8), to: probe)
                try FileManager.default.removeItem(atPath: probe)
            }
        } catch {
            throw .output(
                "\(path) cannot be written to: \(FileFailure.reason(error)). Check --out, its permissions and the disk."
            )
        }
        guard let lock = DirectoryLock(path) else {
            throw .output(
                "\(path) is in use by another run. Wait until it has finished, stop it, or choose another --out.")
        }
        if let free = freeBytes, free < bytes {
            throw .output(
                "\(path) has \(free / 1_000_000) MB of free space, but the run will write up to \(bytes / 1_000_000) MB. Free some space, or choose another --out."
            )
        }
        return lock
    }

    /// Writes a file, replacing an existing one only when the new one is complete.
    package func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
        var file = try ReplacementFile(for: path)
        try file.write(bytes)
        try file.commit()
    }

    /// Writes a file into the directory beside the checkpoint.
    package func write(_ bytes: [UInt8], named name: String) throws { try write(bytes, to: "\(path)/\(name)") }

    /// Renames a file within the directory, replacing an existing file.
    package func move(_ from: String, to: String) throws(TrainingError) {
        guard unsafe rename(from, to) == 0 else {
            throw .output("\(from) cannot be renamed to \(to): \(FileFailure.reason(errno)).")
        }
    }

    package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    package func createDirectory(_ path: String) throws(TrainingError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .output("the directory \(path) cannot be created: \(FileFailure.reason(error)).")
        }
    }

    /// Deletes a file or directory. Errors are ignored, because a file left behind only takes up space.
    package func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    private var freeBytes: Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? nil : bytes
    }
}
