/// A directory as Hugging Face lays it out: `config.json`, `vocab.txt`, … and the weights.
public struct CheckpointDirectory: Sendable {
    /// The directory.
    public let path: String

    /// The files weights are read from, best first.
    private static let weights = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"]

    /// Opens the directory at `path`; reads nothing yet.
    ///
    /// - Throws: `CheckpointError` where there is no directory at `path`.
    public init(path: String) throws(CheckpointError) {
        switch SystemCall.kind(of: path) {
        case .directory: self.path = path
        case nil: throw .notFound(path: path)
        default: throw .notADirectory(path: path)
        }
    }

    /// The bytes of the file `name` of this directory, such as `config.json`.
    ///
    /// - Throws: `CheckpointError` for a missing or unreadable file, or a name that leads out of the directory.
    public func file(_ name: String) throws(CheckpointError) -> [UInt8] {
        let file = try MappedFile(path: path(of: name))
        return file.bytes(in: 0..<file.count)
    }

    /// The bytes of the file `name` of this directory; `nil` where there is none.
    ///
    /// - Throws: `CheckpointError` for an unreadable file, or a name that leads out of the directory.
    public func fileIfPresent(_ name: String) throws(CheckpointError) -> [UInt8]? {
        guard SystemCall.kind(of: try path(of: name)) != nil else { return nil }
        return try file(name)
    }

    /// Opens the weights: `model.safetensors`, else `model.safetensors.index.json`, else `pytorch_model.bin`.
    ///
    /// - Throws: `CheckpointError`, listing every problem of the file, or what was looked for where there is none.
    public func tensors() throws(CheckpointError) -> TensorStore {
        for name in Self.weights {
            let file = FileName.join(path, name)
            guard SystemCall.kind(of: file) != nil else { continue }
            return try TensorStore(path: file)
        }
        throw .noWeights(directory: path, lookedFor: Self.weights)
    }

    private func path(of name: String) throws(CheckpointError) -> String {
        guard FileName.isPlain(name) else { throw .forbiddenName(name: name, directory: path) }
        return FileName.join(path, name)
    }
}
