import Corpora
import Checkpoint
import FoundationEssentials
import Labelling
public import Runs

extension RunDirectory {
    /// A checkpoint's files beside its weights, those that are copied and those that an evaluation makes.
    static let smallFiles =
        ["config.json"] + BaseCheckpoint.copiedFiles + [Thresholds.fileName, LabellingProfile.fileName]

    /// The finished checkpoint's files that are there, the weights last.
    public var checkpointFiles: [String] {
        (Self.smallFiles + ["training.json", "model.safetensors"]).filter { exists("\(path)/\($0)") }
    }

    /// The tensors of the state saved after a step.
    func tensors(afterStep step: Int) -> String { "step-\(step).safetensors" }

    /// The teachers' predictions.
    var teachingFile: String { "\(statePath)/\(Self.teachingName)" }
    private static let teachingName = "teaching.safetensors"

    /// The checkpoint of an epoch, from 1, while it is the best.
    func checkpoint(ofEpoch epoch: Int) -> String { "\(statePath)/epoch-\(epoch)" }

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

    /// Deletes everything of `state/` but the given names, the state's own and what the teachers said.
    func removeState(except names: Set<String>) {
        let names = names.union([stateFile.lastPathComponent, Self.teachingName])
        let found = (try? FileManager.default.contentsOfDirectory(atPath: statePath)) ?? []
        for name in found where !names.contains(name) { remove("\(statePath)/\(name)") }
    }
}
