import Checkpoint
import Kernels
import Training

/// The files of a baseline's directory, each known by the digest that `baseline.json` has of it: what was damaged is found
/// before anything, a foreign library least of all, reads it.
struct BaselineFiles {
    /// A file as `baseline.json` names it.
    struct Entry: Codable, Equatable, Sendable {
        var name: String
        var bytes: Int
        /// In hexadecimal.
        var sha256: String
    }

    /// The terms or words, one a line, in the order of columns.
    static let terms = "terms.txt"
    /// Weights by their names.
    static let tensors = "model.safetensors"

    private let directory: CheckpointDirectory
    private let entries: [Entry]

    init(_ directory: CheckpointDirectory, entries: [Entry]) {
        self.directory = directory
        self.entries = entries
    }

    /// What was written under some names.
    static func entries(_ names: [String], in directory: RunDirectory) throws -> [Entry] {
        let files = try CheckpointDirectory(path: directory.path)
        return try names.map { name in
            let bytes = try files.file(name)
            return Entry(name: name, bytes: bytes.count, sha256: SHA256.hexadecimal(of: bytes))
        }
    }

    /// A file's bytes.
    func bytes(_ name: String) throws -> [UInt8] {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw problem(name, "baseline.json does not name this file.")
        }
        let bytes = try directory.file(name)
        guard bytes.count == entry.bytes, SHA256.hexadecimal(of: bytes) == entry.sha256 else {
            throw problem(
                name,
                "expected \(entry.bytes) bytes of SHA-256 \(entry.sha256.prefix(12))…, found \(bytes.count) bytes of another."
            )
        }
        return bytes
    }

    /// The lines of a file, none of which is empty or like another.
    func lines(_ name: String) throws -> [String] {
        let lines = try bytes(name).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        guard Set(lines).count == lines.count, !lines.contains("") else {
            throw problem(name, "expected a different term in every line, found one twice or none.")
        }
        return lines
    }

    /// Writes a line for each text.
    static func write(lines: [String], to directory: RunDirectory) throws {
        try directory.write(lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }, to: "\(directory.path)/\(terms)")
    }

    /// Writes tensors of single precision.
    static func write(_ tensors: [SafetensorsEntry], to directory: RunDirectory) throws {
        try SafetensorsWriter.write(tensors, to: "\(directory.path)/\(self.tensors)")
    }

    /// The tensors of ``tensors``.
    func tensors() throws -> BaselineTensors {
        _ = try bytes(Self.tensors)
        return BaselineTensors(store: try TensorStore(path: "\(directory.path)/\(Self.tensors)"))
    }

    /// What is wrong with a file.
    func problem(_ name: String, _ sentence: String) -> BaselineError {
        .file(path: "\(directory.path)/\(name)", problem: sentence)
    }
}

/// Tensors by name.
struct BaselineTensors {
    let store: TensorStore

    /// A tensor's numbers, row after row.
    ///
    /// - Throws: ``BaselineError`` where it is missing, has another shape or type, or holds what is not a number.
    func values(_ name: String, shape: [Int]) throws -> [Float] {
        guard let tensor = store[name], tensor.shape == shape, tensor.elementType == .f32 else {
            let found = store[name].map { "\($0.elementType) of shape \($0.shape)" } ?? "none"
            throw BaselineError.file(
                path: store.path, problem: "expected the tensor \(name), F32 of shape \(shape), found \(found).")
        }
        // Its shape is the file's own, so that there is room for it.
        var matrix = Matrix(rows: 1, columns: tensor.elementCount)
        guard tensor.withBytes({ matrix.fill(bytes: $0, as: .float32) }) == nil else {
            throw BaselineError.file(path: store.path, problem: "the tensor \(name) holds what is not a number.")
        }
        return matrix.values
    }
}
