import Checkpoint
import Corpora
import FoundationEssentials
import Labelling
public import Runs

extension RunDirectory {
    /// The files of a checkpoint other than its weights: those that are copied, and those that an evaluation writes.
    static let smallFiles =
        ["config.json"] + BaseCheckpoint.copiedFiles + [Thresholds.fileName, LabellingProfile.fileName]

    /// The existing files of the finished checkpoint, the weights last.
    public var checkpointFiles: [String] {
        (Self.smallFiles + ["training.json", "model.safetensors"]).filter { exists("\(path)/\($0)") }
    }

    /// Returns the name of the file with the tensors saved after a step.
    func tensors(afterStep step: Int) -> String { "step-\(step).safetensors" }

    /// The file with the teachers' predictions.
    var teachingFile: String { "\(statePath)/\(Self.teachingName)" }
    private static let teachingName = "teaching.safetensors"

    /// Returns the directory of an epoch's checkpoint, which exists while the epoch is the best. Epochs count from 1.
    func checkpoint(ofEpoch epoch: Int) -> String { "\(statePath)/epoch-\(epoch)" }

    /// Writes a checkpoint to this directory or one within it, with the base checkpoint's vocabulary and the weights
    /// last.
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

    /// Deletes everything in `state/` except the given names, `state.json` and the teachers' predictions.
    func removeState(except names: Set<String>) {
        let names = names.union([stateFile.lastPathComponent, Self.teachingName])
        let found = (try? FileManager.default.contentsOfDirectory(atPath: statePath)) ?? []
        for name in found where !names.contains(name) { remove("\(statePath)/\(name)") }
    }
}
