/// A reader of the files that `torch.save` writes since PyTorch 1.6: a zip archive with `<archive>/data.pkl`,
/// `<archive>/byteorder` and one record `<archive>/data/<key>` per storage.
package enum TorchZipReader {
    /// Opens the tensors of `file`. Their records are read once to check their CRC-32.
    package static func read(_ file: MappedFile) throws(CheckpointError) -> TensorStore {
        var archive: ZipArchive
        let prefix: String
        let heap: PickleHeap
        let tensors: [(name: String, tensor: PickledTensor)]
        do throws(CheckpointProblem) {
            archive = try ZipArchive(file)
            let pickle: ZipArchive.Entry
            (prefix, pickle) = try self.pickle(of: archive)
            try checkByteOrder(&archive, prefix)
            let (bytes, origin) = try self.bytes(of: pickle, in: &archive)
            var reader = PickleReader(bytes, origin: origin)
            tensors = try StateDictionary.tensors(of: try reader.next(), in: reader.heap)
            heap = reader.heap
        } catch {
            throw .invalid(path: file.path, format: .torchZip, problems: [error])
        }
        return try TorchTensors.store(path: file.path, format: .torchZip, named: tensors, heap: heap) {
            (storage) throws(CheckpointProblem) in
            let name = "\(prefix)data/\(storage.key)"
            guard let entry = archive.entries[name] else {
                throw CheckpointProblem("the archive has no record \(quoted(name))", position: storage.position)
            }
            guard entry.inflatedSize == TorchTensors.byteCount(of: storage) else {
                throw CheckpointProblem(
                    "record \(quoted(name)) should hold \(storage.count) × \(storage.elementType), found "
                        + "\(entry.inflatedSize) bytes", position: entry.headerPosition)
            }
            return try archive.contents(of: entry)
        }
    }

    /// Returns the archive's only `data.pkl`, and its directory with a slash at the end.
    private static func pickle(
        of archive: ZipArchive
    ) throws(CheckpointProblem) -> (prefix: String, entry: ZipArchive.Entry) {
        let candidates = archive.entries.values.filter { entry in
            entry.name.hasSuffix("/data.pkl") && entry.name.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
        }
        guard let entry = candidates.first, candidates.count == 1 else {
            throw CheckpointProblem(
                "expected one record <archive>/data.pkl, as torch.save writes it, found \(candidates.count) among "
                    + "\(archive.entries.count) records")
        }
        return (String(entry.name.dropLast("data.pkl".count)), entry)
    }

    private static func checkByteOrder(_ archive: inout ZipArchive, _ prefix: String) throws(CheckpointProblem) {
        // Only newer versions of PyTorch write this record. Files without it are little-endian.
        guard let entry = archive.entries["\(prefix)byteorder"] else { return }
        guard entry.inflatedSize == 6, try bytes(of: entry, in: &archive).bytes.elementsEqual("little".utf8) else {
            throw CheckpointProblem(
                "record \(quoted(entry.name)) is not \"little\": only little-endian files are supported. "
                    + "Save the model as safetensors", position: entry.headerPosition)
        }
    }

    /// Returns a copy of a small record, and the position from which messages count.
    private static func bytes(
        of entry: ZipArchive.Entry, in archive: inout ZipArchive
    ) throws(CheckpointProblem) -> (bytes: [UInt8], origin: Int) {
        guard entry.inflatedSize <= PickleReader.byteLimit else {
            throw CheckpointProblem(
                "expected record \(quoted(entry.name)) of at most \(PickleReader.byteLimit) bytes, found "
                    + "\(entry.inflatedSize)", position: entry.headerPosition)
        }
        switch try archive.contents(of: entry) {
        case .mapped(let file, let range): return (file.bytes(in: range), range.lowerBound)
        case .memory(let bytes): return (bytes, 0)
        }
    }
}
