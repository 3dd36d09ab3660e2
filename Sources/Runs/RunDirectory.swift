package import Checkpoint
import Corpora
import FoundationEssentials
import Glibc

/// The directory a run writes to: the finished checkpoint, and until then `state/` with what it takes to go on.
public struct RunDirectory: Sendable {
    /// The directory.
    public let path: String

    package var statePath: String { "\(path)/state" }
    package var stateFile: String { "\(statePath)/state.json" }

    /// The directory at `path`, which may not exist yet.
    public init(path: String) {
        self.path = path
    }

    /// The path's last part.
    public var name: String { path.lastPathComponent }

    /// Whether there is a run that can be gone on with.
    public var holdsState: Bool { exists(stateFile) }

    /// Whether there is an unfinished or finished run, or any other checkpoint or baseline.
    public var holdsRun: Bool { holdsState || holdsModel }

    /// Whether there is a checkpoint or a baseline.
    ///
    /// Weights with `state/` beside them, but without a checkpoint's configuration or a baseline's record, do not count:
    /// a baseline leaves them when it is killed while it is written.
    var holdsModel: Bool {
        if exists("\(path)/baseline.json") { return true }
        return holdsWeights && (exists("\(path)/config.json") || !exists(statePath))
    }

    /// Whether there is a file of weights.
    package var holdsWeights: Bool { exists("\(path)/model.safetensors") }

    /// Makes the directory ready, and finds out before any work is done whether it can be written to.
    ///
    /// - Parameters:
    ///   - resuming: Whether a run is to go on.
    ///   - bytes: What the run will write at most.
    /// - Returns: The hold on the directory, to be kept while it is written to.
    /// - Throws: ``TrainingError/output(_:)`` where it holds something else than is expected, cannot be written to, or is
    ///   being written to by another run.
    package func open(resuming: Bool, bytes: Int) throws(TrainingError) -> DirectoryLock {
        if resuming {
            guard holdsState else {
                throw .output(
                    holdsModel
                        ? "\(path) holds a finished run: there is nothing to resume. Leave --resume out and give another --out to train again."
                        : "\(path) holds no run to resume: state/state.json is missing. Check --out, or leave --resume out."
                )
            }
        } else if holdsState {
            throw .output(
                "\(path) holds an unfinished run. Add --resume to go on with it, give another --out, or delete \(statePath)."
            )
        } else if holdsModel {
            throw .output("\(path) holds a trained model already. Give another --out, or move it away.")
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
                "\(path) cannot be written to: \(Self.reason(error)). Check --out, its permissions and the disk.")
        }
        guard let lock = DirectoryLock(path) else {
            throw .output(
                "\(path) is being written to by another run. Let it finish or stop it, or give another --out.")
        }
        if let free = freeBytes, free < bytes {
            throw .output(
                "\(path) has \(free / 1_000_000) MB of free space, but the run will write up to \(bytes / 1_000_000) MB. Free some, or give another --out."
            )
        }
        return lock
    }

    /// Writes a file that appears complete or not at all.
    package func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
        var file = try ReplacementFile(for: path)
        try file.write(bytes)
        try file.commit()
    }

    /// Writes what is told of the run beside its checkpoint.
    package func write(_ bytes: [UInt8], named name: String) throws { try write(bytes, to: "\(path)/\(name)") }

    /// Renames a file within the directory, replacing what was there.
    package func move(_ from: String, to: String) throws(TrainingError) {
        guard unsafe rename(from, to) == 0 else {
            throw .output("\(from) cannot be renamed to \(to): \(unsafe String(cString: strerror(errno))).")
        }
    }

    package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    package func createDirectory(_ path: String) throws(TrainingError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .output("the directory \(path) cannot be made: \(Self.reason(error)).")
        }
    }

    /// Deletes a file or a directory; what is left behind does no harm but takes space.
    package func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    private var freeBytes: Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? nil : bytes
    }

    /// The operating system's words where Foundation wraps them.
    private static func reason(_ error: any Error) -> String {
        if case .unwritable(_, let reason) = error as? CheckpointError { return reason }
        if let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code {
            return unsafe String(cString: strerror(code.rawValue))
        }
        return "\(error)"
    }
}
