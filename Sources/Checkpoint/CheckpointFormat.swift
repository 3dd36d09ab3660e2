/// The file formats tensors are read from.
public enum CheckpointFormat: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// One file of the [safetensors](https://github.com/huggingface/safetensors) format.
    case safetensors = "safetensors"
    /// Several safetensors files and the `model.safetensors.index.json` that says which tensor lies where.
    case shardedSafetensors = "sharded safetensors"
    /// What `torch.save` writes since PyTorch 1.6: a zip archive of a pickle and one record per storage.
    case torchZip = "PyTorch zip"
    /// What `torch.save` wrote before PyTorch 1.6: five pickles, then the storages one after the other.
    case torchLegacy = "PyTorch legacy"

    /// The format's name for messages and reports.
    public var description: String { rawValue }

    /// The format `file` is in, told by its first bytes; `nil` for none that is read here.
    static func sniff(_ file: MappedFile) -> CheckpointFormat? {
        let start = file.bytes(in: 0..<9)
        if start.count == 9, start[8] == UInt8(ascii: "{") { return .safetensors }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return .torchZip
        }
        return start.starts(with: [PickleOpcode.proto.rawValue]) ? .torchLegacy : nil
    }
}
