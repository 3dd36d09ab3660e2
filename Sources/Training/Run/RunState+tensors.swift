import Checkpoint
import Kernels
import Model
import Runs

/// The tensors of a run that are saved and restored.
struct TrainedTensors {
    let parameters: [Parameter]
    let optimiser: Optimiser
    let average: WeightAverage?

    /// The tensors that are saved for each parameter: its value, both moments and its average.
    private enum Kind: String, CaseIterable {
        case value, first, second, average
    }

    private var kinds: [Kind] { average == nil ? [.value, .first, .second] : Kind.allCases }

    private func name(_ kind: Kind, _ parameter: Int) -> String {
        "\(kind.rawValue).\(parameters[parameter].tensors.joined(separator: "+"))"
    }

    /// Writes all tensors to a safetensors file, row by row.
    func write(to path: String) throws(CheckpointError) {
        let places = kinds.flatMap { kind in parameters.indices.map { (kind: kind, parameter: $0) } }
        let members = places.map { place in
            let value = parameters[place.parameter]
            return (name: name(place.kind, place.parameter), shape: [value.value.rows, value.value.columns])
        }
        try SafetensorsWriter.write(members, to: path) {
            (index, write: ([Float]) throws(CheckpointError) -> Void) throws(CheckpointError) in
            let (kind, parameter) = places[index]
            for row in 0..<parameters[parameter].value.rows { try write(self.row(row, kind, parameter)) }
        }
    }

    private func row(_ row: Int, _ kind: Kind, _ parameter: Int) -> [Float] {
        switch kind {
        case .value: parameters[parameter].value.row(row)
        case .first: optimiser.moments[parameter].first.row(row)
        case .second: optimiser.moments[parameter].second.row(row)
        case .average: average?.averages[parameter].value.row(row) ?? []
        }
    }

    /// Restores all tensors from a file.
    ///
    /// - Throws: ``TrainingError/state(_:)`` if a tensor has another type or shape or is not finite; `CheckpointError`
    ///   if a tensor or the file is missing.
    func read(from path: String) throws {
        let store = try TensorStore(path: path)
        for kind in kinds {
            for index in parameters.indices {
                let parameter = parameters[index]
                let tensor = try store.tensor(named: name(kind, index))
                guard tensor.elementType == .f32, tensor.shape == [parameter.value.rows, parameter.value.columns] else {
                    throw TrainingError.state(
                        "\(path): \(tensor.name) is \(tensor.elementType) of shape \(tensor.shape); expected F32 of shape \([parameter.value.rows, parameter.value.columns]). The saved state is damaged; train again in another --out."
                    )
                }
                let bad = tensor.withBytes { bytes in
                    switch kind {
                    case .value: parameter.value.fill(bytes: bytes, as: .float32)
                    case .first: optimiser.moments[index].first.fill(bytes: bytes, as: .float32)
                    case .second: optimiser.moments[index].second.fill(bytes: bytes, as: .float32)
                    case .average: average?.averages[index].value.fill(bytes: bytes, as: .float32)
                    }
                }
                if let bad {
                    throw TrainingError.state(
                        "\(path): \(tensor.name) holds a value that is not finite, at index \(bad). The saved state is damaged; train again in another --out."
                    )
                }
            }
        }
    }
}
