/// The named tensors of one checkpoint, in the order of its file.
public struct TensorStore: Sendable {
    /// The file, or the index of a checkpoint of several files.
    public let path: String
    /// The format the tensors were read from.
    public let format: CheckpointFormat
    /// Every tensor, in file order.
    public let tensors: [StoredTensor]
    /// The `__metadata__` of a safetensors file; empty for other formats.
    public let metadata: [String: String]
    private let indices: [String: Int]

    /// Collects tensors whose names differ, which the readers check.
    init(path: String, format: CheckpointFormat, tensors: [StoredTensor], metadata: [String: String] = [:]) {
        self.path = path
        self.format = format
        self.tensors = tensors
        self.metadata = metadata
        indices = Dictionary(zip(tensors.map(\.name), tensors.indices), uniquingKeysWith: { first, _ in first })
    }

    /// Opens a safetensors, PyTorch zip or PyTorch legacy file, told apart by their first bytes, or an `.index.json`.
    ///
    /// - Throws: `CheckpointError`, listing every problem of the file.
    public init(path: String) throws(CheckpointError) {
        guard !path.hasSuffix(".index.json") else {
            self = try ShardedSafetensorsReader.read(indexPath: path)
            return
        }
        let file = try MappedFile(path: path)
        switch CheckpointFormat.sniff(file) {
        case .torchZip: self = try TorchZipReader.read(file)
        case .torchLegacy: self = try TorchLegacyReader.read(file)
        case .safetensors, .shardedSafetensors: self = try SafetensorsReader.read(file)
        case nil:
            // Where the name promises this format, its reader can say best what is wrong.
            guard path.hasSuffix(".safetensors"), !UnknownFile.isGitLFSPointer(file) else {
                throw UnknownFile.error(file)
            }
            self = try SafetensorsReader.read(file)
        }
    }

    /// The same checkpoint with some of its tensors only.
    ///
    /// - Parameter isIncluded: Whether to keep a tensor.
    /// - Returns: The tensors that are kept, in file order.
    public func filter(_ isIncluded: (StoredTensor) -> Bool) -> TensorStore {
        TensorStore(path: path, format: format, tensors: tensors.filter(isIncluded), metadata: metadata)
    }

    /// The tensors' names, in file order.
    public var names: [String] { tensors.map(\.name) }

    /// The number of tensors.
    public var count: Int { tensors.count }

    /// The bytes of all tensors together, those that share storage counted once each.
    public var byteCount: Int { tensors.reduce(0) { $0.addingReportingOverflow($1.byteCount).partialValue } }

    /// The tensor called `name`, or `nil`.
    public subscript(name: String) -> StoredTensor? { indices[name].map { tensors[$0] } }

    /// The tensor called `name`.
    ///
    /// - Throws: `CheckpointError.noSuchTensor`.
    public func tensor(named name: String) throws(CheckpointError) -> StoredTensor {
        guard let tensor = self[name] else { throw .noSuchTensor(name: name, path: path) }
        return tensor
    }
}
