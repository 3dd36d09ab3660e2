/// A reader of the files that `torch.save` wrote before PyTorch 1.6.
///
/// A file has five pickles (magic number, protocol, system, object, storage keys). For each key, the number of elements
/// and the elements follow. The layout is defined by `_legacy_save` in
/// [torch/serialization.py](https://github.com/pytorch/pytorch/blob/main/torch/serialization.py).
package enum TorchLegacyReader {
    /// PyTorch's magic number, 0x1950a86a20f9469cfc6c, with the least significant byte first.
    private static let magicNumber: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let protocolVersion = 1001

    /// Opens the tensors of `file`. Only the pickles are read.
    package static func read(_ file: MappedFile) throws(CheckpointError) -> TensorStore {
        let contents: Contents
        let records: [String: ByteRegion]
        do throws(CheckpointProblem) {
            contents = try self.contents(of: file)
            records = try self.records(of: file, contents)
        } catch {
            throw .invalid(path: file.path, format: .torchLegacy, problems: [error])
        }
        return try TorchTensors.store(
            path: file.path, format: .torchLegacy, named: contents.tensors, heap: contents.heap
        ) { (storage) throws(CheckpointProblem) in
            guard let record = records[storage.key] else {
                throw CheckpointProblem("the file has no storage \(quoted(storage.key))", position: storage.position)
            }
            return record
        }
    }

    /// The contents of the five pickles.
    private struct Contents {
        var tensors: [(name: String, tensor: PickledTensor)]
        var keys: [String]
        var heap: PickleHeap
        /// The position where the pickles end and the storages begin.
        var end: Int
    }

    /// Reads the pickles. Their length is not stored in the file, so a small part of the file is tried first.
    private static func contents(of file: MappedFile) throws(CheckpointProblem) -> Contents {
        var window = 1 << 18
        while true {
            var pickles = PickleReader(file.bytes(in: 0..<window), origin: 0)
            do throws(CheckpointProblem) {
                return try contents(&pickles)
            } catch {
                guard pickles.ranOut, window < file.count else { throw error }
                guard window < PickleReader.byteLimit else {
                    throw CheckpointProblem(
                        "expected pickles of at most \(PickleReader.byteLimit) bytes", position: window)
                }
                window <<= 4
            }
        }
    }

    private static func contents(_ pickles: inout PickleReader) throws(CheckpointProblem) -> Contents {
        guard case .wideInteger(magicNumber) = try pickles.next() else {
            throw pickles.problem("expected PyTorch's magic number 0x1950a86a20f9469cfc6c, found another value")
        }
        guard case .int(protocolVersion) = try pickles.next() else {
            throw pickles.problem("expected version \(protocolVersion) of PyTorch's legacy format, found another")
        }
        guard case .dictionary(let system) = try pickles.next() else {
            throw pickles.problem("expected a dictionary about the system that wrote the file")
        }
        for (key, value) in pickles.heap.dictionaries[system] {
            if case .string("little_endian") = key, case .bool(false) = value {
                throw pickles.problem(
                    "the file is big-endian; only little-endian files are supported. Save the model as safetensors")
            }
        }
        let root = try pickles.next()
        guard case .list(let list) = try pickles.next() else {
            throw pickles.problem("expected the list of storage keys")
        }
        var keys: [String] = []
        for key in pickles.heap.lists[list] {
            guard case .string(let key) = key else {
                throw pickles.problem("expected a storage key, found \(key.kind)")
            }
            keys.append(key)
        }
        let tensors = try StateDictionary.tensors(of: root, in: pickles.heap)
        return Contents(tensors: tensors, keys: keys, heap: pickles.heap, end: pickles.position)
    }

    /// Returns the position of each storage in the file.
    private static func records(of file: MappedFile, _ contents: Contents) throws(CheckpointProblem) -> [String:
        ByteRegion]
    {
        let storages = Dictionary(contents.heap.storages.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var records: [String: ByteRegion] = [:]
        var position = contents.end
        for key in contents.keys {
            guard let storage = storages[key] else {
                throw CheckpointProblem(
                    "storage \(quoted(key)) belongs to no tensor, so its size is unknown", position: position)
            }
            let count = file.bytes(in: position..<position + 8).littleEndian(Int64.self, at: 0)
            guard let count else {
                throw CheckpointProblem(
                    "the file ends before storage \(quoted(key)): it is incomplete", position: position)
            }
            guard count == Int64(storage.count) else {
                throw CheckpointProblem(
                    "storage \(quoted(key)) should have \(storage.count) elements, found \(count)", position: position)
            }
            position += 8
            guard let size = TorchTensors.byteCount(of: storage), size <= file.count - position else {
                throw CheckpointProblem(
                    "storage \(quoted(key)) of \(count) × \(storage.elementType) reaches beyond the end of the file: "
                        + "it is incomplete", position: position)
            }
            guard records.updateValue(.mapped(file, position..<position + size), forKey: key) == nil else {
                throw CheckpointProblem("storage \(quoted(key)) appears more than once", position: position)
            }
            position += size
        }
        guard position == file.count else {
            throw CheckpointProblem(
                "\(file.count - position) bytes after the last storage are unexpected", position: position)
        }
        return records
    }
}
