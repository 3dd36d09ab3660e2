internal import Checkpoint
internal import Kernels

/// Reads parameters from a checkpoint by name and shape. It collects everything that does not fit, so that one error
/// can report all of it.
struct ParameterReader {
    private let store: TensorStore
    private let names: Set<String>
    /// `bert.` if the checkpoint's encoder names begin with it, otherwise empty.
    private let encoderPrefix: String
    private var used: Set<String> = []
    private(set) var problems: [String] = []

    init(_ store: TensorStore) {
        self.store = store
        names = Set(store.names)
        encoderPrefix = names.contains { $0.hasPrefix("bert.") } ? "bert." : ""
    }

    /// Returns the checkpoint's name of an encoder tensor.
    func encoder(_ name: String) -> String { encoderPrefix + name }

    /// Returns whether the checkpoint has a tensor with this shape. `tensor` is the name under which this program
    /// writes it.
    func has(_ tensor: String, shape: [Int]) -> Bool { store[stored(tensor)]?.shape == shape }

    /// Returns the checkpoint's own name of a tensor. It may lack `bert.`, and TensorFlow checkpoints call a layer
    /// norm's weight and bias gamma and beta.
    private func stored(_ tensor: String) -> String {
        let name = tensor.hasPrefix("bert.") ? encoder(String(tensor.dropFirst(5))) : tensor
        if names.contains(name) { return name }
        for (suffix, legacy) in [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")]
        where name.hasSuffix(suffix) {
            let older = String(name.dropLast(suffix.count)) + legacy
            if names.contains(older) { return older }
        }
        return name
    }

    /// Returns the number of rows of a two-dimensional tensor, or `nil` if there is no such tensor.
    func rows(of name: String) -> Int? {
        store[name].flatMap { $0.shape.count == 2 ? $0.shape[0] : nil }
    }

    /// Reads one matrix from the named tensors, stacked in order, each of `shape`. A vector becomes one row.
    mutating func matrix(_ tensors: [String], shape: [Int]) -> Matrix {
        let columns = shape.last ?? 1
        let rows = shape.count > 1 ? shape[0] : 1
        // Checks the shapes before allocating, so that a hostile configuration cannot use up memory.
        let found = tensors.compactMap { find($0, shape: shape) }
        guard found.count == tensors.count else { return Matrix(rows: 0, columns: columns) }
        var matrix = Matrix(rows: rows * tensors.count, columns: columns)
        for (index, (tensor, format)) in found.enumerated() {
            let bad = tensor.withBytes { matrix.fill(fromRow: index * rows, bytes: $0, as: format) }
            if let bad { refuse(tensor, notFiniteAt: bad) }
        }
        return matrix
    }

    /// Reads an embedding table and keeps the tensor's own number format.
    mutating func table(_ name: String, shape: (rows: Int, columns: Int)) -> EmbeddingTable {
        guard let (tensor, format) = find(name, shape: [shape.rows, shape.columns]) else {
            return EmbeddingTable(Matrix(rows: 0, columns: shape.columns))
        }
        var table = EmbeddingTable(rows: shape.rows, columns: shape.columns, as: format)
        if let bad = tensor.withBytes({ table.fill(bytes: $0) }) { refuse(tensor, notFiniteAt: bad) }
        return table
    }

    private mutating func find(_ name: String, shape: [Int]) -> (StoredTensor, StoredFloat)? {
        guard let tensor = store[name] else {
            problems.append("\(name) is missing; expected shape \(shape).")
            return nil
        }
        used.insert(name)
        guard tensor.shape == shape else {
            problems.append("\(name) has shape \(tensor.shape); expected \(shape).")
            return nil
        }
        guard let format = StoredFloat(tensor.elementType) else {
            problems.append("\(name) is stored as \(tensor.elementType.rawValue); expected F32, F16 or BF16.")
            return nil
        }
        return (tensor, format)
    }

    private mutating func refuse(_ tensor: StoredTensor, notFiniteAt index: Int) {
        problems.append(
            "\(tensor.name) has a value at index \(index) that is not finite; the training run diverged or the file is damaged."
        )
    }

    /// Reads a linear layer from `name.weight` `[outer, inner]` and `name.bias` `[outer]` of each name, stacked in
    /// order.
    mutating func linear(
        _ layers: [String], inner: Int, outer: Int, _ precision: ProductPrecision = .float32
    ) -> LinearParameters {
        let before = problems.count
        let weight = matrix(layers.map { $0 + ".weight" }, shape: [outer, inner])
        let bias = matrix(layers.map { $0 + ".bias" }, shape: [outer])
        guard problems.count == before else {
            return LinearParameters(weight: Matrix(rows: 0, columns: inner), bias: Matrix(rows: 1, columns: 0))
        }
        let height = outer * layers.count
        return LinearParameters(weight: weight, bias: Matrix(rows: 1, columns: height, bias.values), precision)
    }

    /// Reads a layer norm from `name.weight` and `name.bias`, or their TensorFlow names.
    mutating func layerNorm(_ name: String, width: Int, epsilon: Float) -> LayerNormParameters {
        let before = problems.count
        let gamma = matrix([stored(name + ".weight")], shape: [width])
        let beta = matrix([stored(name + ".bias")], shape: [width])
        guard problems.count == before else {
            return LayerNormParameters(
                gamma: Matrix(rows: 1, columns: 0), beta: Matrix(rows: 1, columns: 0), epsilon: epsilon)
        }
        return LayerNormParameters(gamma: gamma, beta: beta, epsilon: epsilon)
    }

    /// Reads a trainable parameter from the named tensors, stacked in order. A vector becomes one row.
    ///
    /// - Parameters:
    ///   - tensors: Names under which this program writes the tensors. If the checkpoint's names lack `bert.`, so do
    ///     those that are read.
    ///   - shape: Shape of each tensor.
    ///   - place: Position in the network.
    ///   - isDecayed: Whether weight decay applies; `nil` applies it to matrices only.
    /// - Returns: The parameter; it is empty if something did not fit.
    mutating func parameter(
        _ tensors: [String], shape: [Int], place: Parameter.Place, isDecayed: Bool? = nil
    ) -> Parameter {
        let before = problems.count
        let value = matrix(tensors.map(stored), shape: shape)
        let isVector = shape.count == 1
        let isDecayed = isDecayed ?? !isVector
        guard problems.count == before, isVector else {
            return Parameter(tensors, shape: shape, place: place, isDecayed: isDecayed, value: value)
        }
        let row = Matrix(rows: 1, columns: value.rows * value.columns, value.values)
        return Parameter(tensors, shape: shape, place: place, isDecayed: isDecayed, value: row)
    }

    /// Reads a trainable table of `stored` positions and interpolates it to `rows` if that is more
    /// (``stretchPositions(_:to:)``).
    mutating func positions(_ tensor: String, stored: Int, rows: Int, columns: Int) -> Parameter {
        let parameter = parameter([tensor], shape: [stored, columns], place: .embeddings)
        guard parameter.value.rows > 0, stored < rows else { return parameter }
        return Parameter(
            [tensor], shape: [rows, columns], place: .embeddings, isDecayed: parameter.isDecayed,
            value: stretchPositions(parameter.value, to: rows))
    }

    /// Checks that the network was read completely and that no encoder layer is left over.
    ///
    /// - Parameter configuration: The network's configuration.
    /// - Throws: ``ModelError/parameters(source:problems:)`` with everything that did not fit.
    mutating func finish(_ configuration: Configuration) throws {
        // Other leftovers of pretraining (MLM, NSP, a pooler, position_ids) are normal. A layer too many means that
        // config.json belongs to another model.
        for name in store.names where name.hasPrefix(encoder("encoder.layer.")) && !used.contains(name) {
            problems.append(
                "\(name) is unexpected: a network of \(configuration.layers) layers has no such tensor.")
        }
        guard problems.isEmpty else { throw ModelError.parameters(source: store.path, problems: problems) }
    }
}

extension StoredFloat {
    fileprivate init?(_ type: ElementType) {
        switch type {
        case .f32: self = .float32
        case .f16: self = .float16
        case .bf16: self = .bfloat16
        default: return nil
        }
    }
}
