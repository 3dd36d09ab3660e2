internal import Checkpoint
internal import Kernels

/// Takes parameters out of a checkpoint by name and shape, and remembers everything that does not fit, so that one
/// error can tell all of it.
struct ParameterReader {
    private let store: TensorStore
    private let names: Set<String>
    /// `bert.` where the checkpoint's encoder names begin so, otherwise empty.
    private let encoderPrefix: String
    private var used: Set<String> = []
    private(set) var problems: [String] = []

    init(_ store: TensorStore) {
        self.store = store
        names = Set(store.names)
        encoderPrefix = names.contains { $0.hasPrefix("bert.") } ? "bert." : ""
    }

    /// The name of a tensor that belongs to the encoder.
    func encoder(_ name: String) -> String { encoderPrefix + name }

    /// Whether the checkpoint has a tensor of this name, as this program writes it, and shape.
    func has(_ tensor: String, shape: [Int]) -> Bool { store[stored(tensor)]?.shape == shape }

    /// The checkpoint's own name of a tensor: perhaps without `bert.`, and a layer norm's weight and bias as gamma and beta, as
    /// TensorFlow's checkpoints have them.
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

    /// The height of a two-dimensional tensor; `nil` where there is no such tensor.
    func rows(of name: String) -> Int? {
        store[name].flatMap { $0.shape.count == 2 ? $0.shape[0] : nil }
    }

    /// One matrix out of the named tensors, one above the other, each `shape`; a vector is one row.
    mutating func matrix(_ tensors: [String], shape: [Int]) -> Matrix {
        let columns = shape.last ?? 1
        let rows = shape.count > 1 ? shape[0] : 1
        // Read before anything is allocated: a hostile configuration must not cost memory.
        let found = tensors.compactMap { find($0, shape: shape) }
        guard found.count == tensors.count else { return Matrix(rows: 0, columns: columns) }
        var matrix = Matrix(rows: rows * tensors.count, columns: columns)
        for (index, (tensor, format)) in found.enumerated() {
            let bad = tensor.withBytes { matrix.fill(fromRow: index * rows, bytes: $0, as: format) }
            if let bad { refuse(tensor, notFiniteAt: bad) }
        }
        return matrix
    }

    /// A table of `shape`, in the tensor's own format.
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
            "\(tensor.name) holds a value that is not finite, at index \(index); the training run diverged or the file is damaged."
        )
    }

    /// `name.weight` `[outer, inner]` and `name.bias` `[outer]`, of all the names one above the other.
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

    /// `name.weight` and `name.bias`, under whichever names the checkpoint has them.
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

    /// A trainable parameter out of the named tensors, one above the other; vectors become one row.
    ///
    /// - Parameters:
    ///   - tensors: Names as this program writes them; the encoder's are read without `bert.` where the checkpoint has none.
    ///   - shape: Of each tensor.
    ///   - place: Where in the network it stands.
    ///   - isDecayed: Whether weight decay applies; to matrices, where nothing is said.
    /// - Returns: The parameter, empty where something did not fit.
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

    /// A trainable table of `stored` positions, stretched to `rows` where that is more (``stretchPositions(_:to:)``).
    mutating func positions(_ tensor: String, stored: Int, rows: Int, columns: Int) -> Parameter {
        let parameter = parameter([tensor], shape: [stored, columns], place: .embeddings)
        guard parameter.value.rows > 0, stored < rows else { return parameter }
        return Parameter(
            [tensor], shape: [rows, columns], place: .embeddings, isDecayed: parameter.isDecayed,
            value: stretchPositions(parameter.value, to: rows))
    }

    /// Ends the reading of a network.
    ///
    /// - Throws: ``ModelError/parameters(source:problems:)`` with everything that did not fit.
    mutating func finish(_ configuration: Configuration) throws {
        // Leftovers of pretraining (MLM, NSP, a pooler, position_ids) are expected. A layer too many means that
        // config.json is another model's.
        for name in store.names where name.hasPrefix(encoder("encoder.layer.")) && !used.contains(name) {
            problems.append(
                "\(name) is not part of a network of \(configuration.layers) layers; expected no such tensor.")
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
