/// A file format from which tensors can be read.
public enum CheckpointFormat: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// A single file in the [safetensors](https://github.com/huggingface/safetensors) format.
    case safetensors = "safetensors"
    /// Several safetensors files with a `model.safetensors.index.json` that names the file of each tensor.
    case shardedSafetensors = "sharded safetensors"
    /// The output of `torch.save` since PyTorch 1.6: a zip archive with a pickle and one record per storage.
    case torchZip = "PyTorch zip"
    /// The output of `torch.save` before PyTorch 1.6: five pickles followed by the storages.
    case torchLegacy = "PyTorch legacy"

    /// The name of the format for messages and reports.
    public var description: String { rawValue }

    /// Detects the format of `file` from its first bytes. Returns `nil` if it is not supported.
    static func sniff(_ file: MappedFile) -> CheckpointFormat? {
        let start = file.bytes(in: 0..<9)
        if start.count == 9, start[8] == UInt8(ascii: "{") { return .safetensors }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return .torchZip
        }
        return start.starts(with: [PickleOpcode.proto.rawValue]) ? .torchLegacy : nil
    }
}
