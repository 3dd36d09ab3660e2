/// Builds tensors from their description in a pickle and the storages of its file.
enum TorchTensors {
    /// The maximum size in bytes of a tensor that is larger than its storage, which is possible with strides of 0.
    private static let expansionLimit = 1 << 26

    /// Builds the tensor store for `path`. Calls `bytes` once for each storage key.
    ///
    /// - Throws: `CheckpointError.invalid` with all problems of all tensors.
    static func store(
        path: String, format: CheckpointFormat, named: [(name: String, tensor: PickledTensor)], heap: PickleHeap,
        bytes: (PickledStorage) throws(CheckpointProblem) -> ByteRegion
    ) throws(CheckpointError) -> TensorStore {
        var problems: [CheckpointProblem] = []
        var regions: [String: (storage: PickledStorage, region: ByteRegion?)] = [:]
        var tensors: [StoredTensor] = []
        tensors.reserveCapacity(named.count)
        for (name, tensor) in named {
            let storage = heap.storages[tensor.storage]
            do throws(CheckpointProblem) {
                if regions[storage.key] == nil {
                    // Insert the entry first, so that a defective storage is reported only once and not for each of its
                    // tensors.
                    regions[storage.key] = (storage, nil)
                    regions[storage.key]?.region = try bytes(storage)
                }
                guard let (first, region) = regions[storage.key], let region else { continue }
                guard first.elementType == storage.elementType, first.count == storage.count else {
                    throw CheckpointProblem(
                        "storage \(quoted(storage.key)) is \(storage.count) × \(storage.elementType) here, but "
                            + "\(first.count) × \(first.elementType) at byte \(first.position)",
                        position: storage.position)
                }
                tensors.append(try assemble(name, tensor.layout, storage, region))
            } catch {
                var problem = error
                problem.tensor = name
                problems.append(problem)
            }
        }
        guard problems.isEmpty else { throw .invalid(path: path, format: format, problems: problems) }
        return TensorStore(path: path, format: format, tensors: tensors)
    }

    /// Returns the size of the record of `storage` in bytes, or `nil` on overflow.
    static func byteCount(of storage: PickledStorage) -> Int? {
        storage.elementType.byteCount(ofShape: [storage.count])
    }

    private static func assemble(
        _ name: String, _ layout: StridedLayout, _ storage: PickledStorage, _ record: ByteRegion
    ) throws(CheckpointProblem) -> StoredTensor {
        let type = storage.elementType
        let place = "shape \(brief(layout.shape)), strides \(brief(layout.strides)), offset \(layout.offset)"
        guard let byteCount = type.byteCount(ofShape: layout.shape), let end = layout.end, end <= storage.view.count
        else {
            throw CheckpointProblem("\(place) reach beyond the \(storage.view.count) elements of its storage")
        }
        guard byteCount <= max(storage.view.count * type.byteSize, expansionLimit) else {
            throw CheckpointProblem("\(place) expand a small storage to \(byteCount) bytes; save a contiguous tensor")
        }
        let layout = StridedLayout(
            shape: layout.shape, strides: layout.strides, offset: layout.offset + storage.view.lowerBound)
        return StoredTensor(name: name, elementType: type, layout: layout, byteCount: byteCount, region: record)
    }
}
