/// A directory in the layout of Hugging Face: `config.json`, `vocab.txt`, other files and the weights.
public struct CheckpointDirectory: Sendable {
    /// The path of the directory.
    public let path: String

    /// The names of the weight files, in order of preference.
    private static let weights = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"]

    /// Opens the directory at `path` without reading any file.
    ///
    /// - Throws: `CheckpointError` if there is no directory at `path`.
    public init(path: String) throws(CheckpointError) {
        switch SystemCall.kind(of: path) {
        case .directory: self.path = path
        case nil: throw .notFound(path: path)
        default: throw .notADirectory(path: path)
        }
    }

    /// Returns the bytes of the file `name` in this directory, such as `config.json`.
    ///
    /// - Throws: `CheckpointError` if the file is missing or unreadable, or if the name leads out of the directory.
    public func file(_ name: String) throws(CheckpointError) -> [UInt8] {
        let file = try MappedFile(path: path(of: name))
        return file.bytes(in: 0..<file.count)
    }

    /// Returns the bytes of the file `name` in this directory, or `nil` if there is no such file.
    ///
    /// - Throws: `CheckpointError` if the file is unreadable, or if the name leads out of the directory.
    public func fileIfPresent(_ name: String) throws(CheckpointError) -> [UInt8]? {
        guard SystemCall.kind(of: try path(of: name)) != nil else { return nil }
        return try file(name)
    }

    /// Opens the weights: the first of `model.safetensors`, `model.safetensors.index.json` and `pytorch_model.bin` that
    /// exists.
    ///
    /// - Throws: `CheckpointError` with all problems of the file, or with the names above if none of them exists.
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
