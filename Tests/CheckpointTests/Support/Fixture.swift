import Checkpoint
import FoundationEssentials
import TestSupport

/// The checkpoints of `Fixtures/tensors`, made by `make_tensors.py`.
enum Fixture {
    static let directory = Locations.fixtures.appending(path: "tensors").path()

    static func path(_ name: String) -> String { directory + "/" + name }

    static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path(name)))) }

    /// A tensor as PyTorch sees it.
    struct Tensor: Decodable, Hashable {
        var name: String
        var dtype: String
        var shape: [Int]
        /// The elements in hexadecimal, row-major.
        var bytes: String
    }

    /// The tensors of `expected.json`, under "all" or "small".
    static func expected(_ set: String) throws -> [Tensor] {
        let sets = try JSONDecoder().decode([String: [Tensor]].self, from: Data(bytes("expected.json")))
        return sets[set] ?? []
    }
}

extension Fixture.Tensor {
    init(_ tensor: StoredTensor) {
        self.init(
            name: tensor.name, dtype: tensor.elementType.rawValue, shape: tensor.shape,
            bytes: tensor.copiedBytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}

extension StoredTensor {
    var copiedBytes: [UInt8] { withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } } }
}

extension TensorStore {
    /// Reads every byte of every tensor, as a loader would.
    func touchEverything() -> Int {
        tensors.reduce(0) { $0 + $1.copiedBytes.count }
    }
}
