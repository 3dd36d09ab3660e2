package import Checkpoint
import FoundationEssentials
import Glibc
import Labelling

/// The directory a run writes to: the finished checkpoint, and until then `state/` with what it takes to go on.
public struct RunDirectory: Sendable {
    /// The directory.
    public let path: String

    package var statePath: String { "\(path)/state" }
    var stateFile: String { "\(statePath)/state.json" }

    /// The directory at `path`, which may not exist yet.
    public init(path: String) {
        self.path = path
    }

    /// The path's last part.
    public var name: String { path.lastPathComponent }

    /// A checkpoint's files beside its weights, those that are copied and those that an evaluation makes.
    static let smallFiles =
        ["config.json"] + BaseCheckpoint.copiedFiles + [Thresholds.fileName, LabellingProfile.fileName]

    /// The finished checkpoint's files that are there, the weights last.
    public var checkpointFiles: [String] {
        (Self.smallFiles + ["training.json", "model.safetensors"]).filter { exists("\(path)/\($0)") }
    }

    /// The tensors of the state saved after a step.
    func tensors(afterStep step: Int) -> String { "step-\(step).safetensors" }

    /// What the teachers said.
    var teachingFile: String { "\(statePath)/\(Self.teachingName)" }
    private static let teachingName = "teaching.safetensors"

    /// The checkpoint of an epoch, from 1, while it is the best.
    func checkpoint(ofEpoch epoch: Int) -> String { "\(statePath)/epoch-\(epoch)" }

    /// Whether there is a run that can be gone on with.
    public var holdsState: Bool { exists(stateFile) }

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

    /// Writes a checkpoint to a directory of this one, or itself: the base's vocabulary, and the weights last.
    func writeCheckpoint(
        to path: String, configuration: [UInt8], base: BaseCheckpoint, weights: [SafetensorsEntry]
    ) throws {
        try createDirectory(path)
        try write(configuration, to: "\(path)/config.json")
        for name in BaseCheckpoint.copiedFiles {
            guard let bytes = try base.directory.fileIfPresent(name) else { continue }
            try write(bytes, to: "\(path)/\(name)")
        }
        try SafetensorsWriter.write(weights, metadata: ["format": "pt"], to: "\(path)/model.safetensors")
    }

    /// Renames a file within the directory, replacing what was there.
    package func move(_ from: String, to: String) throws(TrainingError) {
        guard unsafe rename(from, to) == 0 else {
            throw .output("\(from) cannot be renamed to \(to): \(unsafe String(cString: strerror(errno))).")
        }
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    func createDirectory(_ path: String) throws(TrainingError) {
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

    /// Deletes everything of `state/` but the given names, the state's own and what the teachers said.
    func removeState(except names: Set<String>) {
        let names = names.union([stateFile.lastPathComponent, Self.teachingName])
        let found = (try? FileManager.default.contentsOfDirectory(atPath: statePath)) ?? []
        for name in found where !names.contains(name) { remove("\(statePath)/\(name)") }
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
