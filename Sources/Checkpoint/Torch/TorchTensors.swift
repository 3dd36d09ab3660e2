/// Puts tensors together from what a pickle says about them and from the storages of its file.
enum TorchTensors {
    /// The most bytes a tensor may take that is larger than its storage, which strides of 0 make possible.
    private static let expansionLimit = 1 << 26

    /// Makes the store of `path`, asking `bytes` for each storage key once.
    ///
    /// - Throws: every problem of every tensor.
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
                    // Entered first, so that a bad storage is reported once and not for every tensor of it.
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

    /// The size of `storage`'s record in bytes; `nil` on overflow.
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
            throw CheckpointProblem("\(place) repeat a small storage to \(byteCount) bytes; save a contiguous tensor")
        }
        let layout = StridedLayout(
            shape: layout.shape, strides: layout.strides, offset: layout.offset + storage.view.lowerBound)
        return StoredTensor(name: name, elementType: type, layout: layout, byteCount: byteCount, region: record)
    }
}
