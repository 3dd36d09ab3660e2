/// The named tensors of a checkpoint, in the order of its file.
public struct TensorStore: Sendable {
    /// The path of the file, or of the index if the checkpoint has several files.
    public let path: String
    /// The format from which the tensors were read.
    public let format: CheckpointFormat
    /// All tensors, in the order of the file.
    public let tensors: [StoredTensor]
    /// The `__metadata__` of a safetensors file. Empty for other formats.
    public let metadata: [String: String]
    private let indices: [String: Int]

    /// Creates a store from tensors with unique names, which the readers check.
    init(path: String, format: CheckpointFormat, tensors: [StoredTensor], metadata: [String: String] = [:]) {
        self.path = path
        self.format = format
        self.tensors = tensors
        self.metadata = metadata
        indices = Dictionary(zip(tensors.map(\.name), tensors.indices), uniquingKeysWith: { first, _ in first })
    }

    /// Opens a checkpoint file: safetensors, PyTorch zip or PyTorch legacy, detected from the first bytes, or an
    /// `.index.json`.
    ///
    /// - Throws: `CheckpointError` with all problems of the file.
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
            // The reader of the format that the name suggests gives the most precise error.
            guard path.hasSuffix(".safetensors"), !UnknownFile.isGitLFSPointer(file) else {
                throw UnknownFile.error(file)
            }
            self = try SafetensorsReader.read(file)
        }
    }

    /// Returns the same checkpoint with only some of its tensors.
    ///
    /// - Parameter isIncluded: A closure that returns whether to keep a tensor.
    /// - Returns: The store with the tensors that are kept, in the order of the file.
    public func filter(_ isIncluded: (StoredTensor) -> Bool) -> TensorStore {
        TensorStore(path: path, format: format, tensors: tensors.filter(isIncluded), metadata: metadata)
    }

    /// The names of the tensors, in the order of the file.
    public var names: [String] { tensors.map(\.name) }

    /// The number of tensors.
    public var count: Int { tensors.count }

    /// The size of all tensors in bytes. Storage shared by several tensors is counted for each of them.
    public var byteCount: Int { tensors.reduce(0) { $0.addingReportingOverflow($1.byteCount).partialValue } }

    /// The tensor named `name`, or `nil` if there is none.
    public subscript(name: String) -> StoredTensor? { indices[name].map { tensors[$0] } }

    /// Returns the tensor named `name`.
    ///
    /// - Throws: `CheckpointError.noSuchTensor` if there is none.
    public func tensor(named name: String) throws(CheckpointError) -> StoredTensor {
        guard let tensor = self[name] else { throw .noSuchTensor(name: name, path: path) }
        return tensor
    }
}
