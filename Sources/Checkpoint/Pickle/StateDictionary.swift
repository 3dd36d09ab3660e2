/// Finds the named tensors in an object that was saved with `torch.save`.
enum StateDictionary {
    /// The keys under which training checkpoints store the state dictionary, beside optimiser state and other values.
    private static let wrappers = ["state_dict", "model_state_dict", "model"]

    /// Returns the named tensors of `root`, in order. Values that are not tensors are ignored.
    static func tensors(
        of root: PickleValue, in heap: PickleHeap
    ) throws(CheckpointProblem) -> [(name: String, tensor: PickledTensor)] {
        guard case .dictionary(let index) = root else {
            throw CheckpointProblem(
                "expected a dictionary of tensors, found \(root.kind). Save the model's state_dict()")
        }
        for wrapper in wrappers {
            for (key, value) in heap.dictionaries[index] {
                guard case .string(wrapper) = key, case .dictionary(let inner) = value else { continue }
                let tensors = try tensors(inDictionary: inner, of: heap)
                if !tensors.isEmpty { return tensors }
            }
        }
        let tensors = try tensors(inDictionary: index, of: heap)
        // An empty dictionary is valid: a model without parameters saves one.
        guard !tensors.isEmpty || heap.dictionaries[index].isEmpty else {
            let keys = heap.dictionaries[index].prefix(10).map { item in
                if case .string(let key) = item.key { quoted(key) } else { item.key.kind }
            }
            throw CheckpointProblem(
                "expected named tensors at the top level or under one of \(wrappers.joined(separator: ", ")); "
                    + "found the keys \(keys.joined(separator: ", "))")
        }
        return tensors
    }

    private static func tensors(
        inDictionary index: Int, of heap: PickleHeap
    ) throws(CheckpointProblem) -> [(name: String, tensor: PickledTensor)] {
        var tensors: [(name: String, tensor: PickledTensor)] = []
        var names: Set<String> = []
        for (key, value) in heap.dictionaries[index] {
            guard case .tensor(let tensor) = value else { continue }
            guard case .string(let name) = key else {
                throw CheckpointProblem("expected a string as each tensor's key, found a tensor under \(key.kind)")
            }
            guard names.insert(name).inserted else { throw CheckpointProblem("appears more than once", tensor: name) }
            tensors.append((name, heap.tensors[tensor]))
        }
        return tensors
    }
}
