import Checkpoint
import Kernels
import Runs

/// The files of a baseline's directory.
///
/// `baseline.json` has a digest of every other file. A file is verified before it is used, so that a damaged one never
/// reaches a parser, least of all that of a foreign library.
struct BaselineFiles {
    /// A file as it is recorded in `baseline.json`.
    struct Entry: Codable, Equatable, Sendable {
        var name: String
        var bytes: Int
        /// SHA-256 digest in hexadecimal.
        var sha256: String
    }

    /// Name of the file with the terms or words, one on each line, in the order of the columns.
    static let terms = "terms.txt"
    /// Name of the file with the weights.
    static let tensors = "model.safetensors"

    private let directory: CheckpointDirectory
    private let entries: [Entry]

    init(_ directory: CheckpointDirectory, entries: [Entry]) {
        self.directory = directory
        self.entries = entries
    }

    /// Returns the entries of files that have been written.
    static func entries(_ names: [String], in directory: RunDirectory) throws -> [Entry] {
        let files = try CheckpointDirectory(path: directory.path)
        return try names.map { name in
            let bytes = try files.file(name)
            return Entry(name: name, bytes: bytes.count, sha256: SHA256.hexadecimal(of: bytes))
        }
    }

    /// Returns the verified bytes of a file.
    func bytes(_ name: String) throws -> [UInt8] {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw problem(name, "baseline.json does not list this file.")
        }
        let bytes = try directory.file(name)
        let found = SHA256.hexadecimal(of: bytes)
        guard bytes.count == entry.bytes, found == entry.sha256 else {
            throw problem(
                name,
                "expected \(entry.bytes) bytes with SHA-256 \(entry.sha256.prefix(12))…, found \(bytes.count) bytes with SHA-256 \(found.prefix(12))…."
            )
        }
        return bytes
    }

    /// Returns the lines of a file and checks that they are unique and not empty.
    func lines(_ name: String) throws -> [String] {
        let lines = try bytes(name).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        guard Set(lines).count == lines.count, !lines.contains("") else {
            throw problem(name, "expected a unique term on every line, found a duplicate or an empty line.")
        }
        return lines
    }

    /// Writes the lines of ``terms``.
    static func write(lines: [String], to directory: RunDirectory) throws {
        try directory.write(lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }, to: "\(directory.path)/\(terms)")
    }

    /// Writes single-precision tensors to ``tensors``.
    static func write(_ tensors: [SafetensorsEntry], to directory: RunDirectory) throws {
        try SafetensorsWriter.write(tensors, to: "\(directory.path)/\(self.tensors)")
    }

    /// Returns the tensors of ``tensors`` after verifying the file.
    func tensors() throws -> BaselineTensors {
        _ = try bytes(Self.tensors)
        return BaselineTensors(store: try TensorStore(path: "\(directory.path)/\(Self.tensors)"))
    }

    /// Creates an error about a file.
    func problem(_ name: String, _ sentence: String) -> BaselineError {
        .file(path: "\(directory.path)/\(name)", problem: sentence)
    }
}

/// The tensors of a baseline, by name.
struct BaselineTensors {
    let store: TensorStore

    /// Returns the values of a tensor in row-major order.
    ///
    /// - Throws: ``BaselineError`` if the tensor is missing, has another shape or type, or has a value that is not finite.
    func values(_ name: String, shape: [Int]) throws -> [Float] {
        guard let tensor = store[name], tensor.shape == shape, tensor.elementType == .f32 else {
            let found = store[name].map { "\($0.elementType) of shape \($0.shape)" } ?? "none"
            throw BaselineError.file(
                path: store.path, problem: "expected the tensor \(name) as F32 of shape \(shape), found \(found).")
        }
        // The shape matches the tensor in the file, so this allocation is no larger than the file.
        var matrix = Matrix(rows: 1, columns: tensor.elementCount)
        guard tensor.withBytes({ matrix.fill(bytes: $0, as: .float32) }) == nil else {
            throw BaselineError.file(path: store.path, problem: "the tensor \(name) has a value that is not finite.")
        }
        return matrix.values
    }
}
