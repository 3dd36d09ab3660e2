import Checkpoint
import FoundationEssentials
import Kernels
import Model
import TestSupport
import Testing

@Suite("Parameters of a checkpoint")
struct ParameterTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let change: @Sendable ([SafetensorsEntry]) -> [SafetensorsEntry]
        let says: [String]
        var testDescription: String { name }
    }

    private static let query = "bert.encoder.layer.0.attention.self.query.weight"

    static let rows = [
        Row(
            name: "a missing tensor", change: { $0.filter { $0.name != query } }, says: [query, "missing", "[32, 32]"]),
        Row(
            name: "two missing tensors and one of the wrong shape",
            change: { entries in
                entries.filter { $0.name != query && $0.name != "classifier.bias" }.map {
                    $0.name == "bert.pooler.dense.bias" ? zeros($0.name, [31]) : $0
                }
            }, says: [query, "classifier.bias is missing", "bert.pooler.dense.bias has shape [31]; expected [32]"]),
        Row(
            name: "a tensor of integers",
            change: { entries in
                entries.map {
                    $0.name == query
                        ? SafetensorsEntry(
                            name: query, elementType: .i32, shape: [32, 32], bytes: .init(repeating: 0, count: 4096))
                        : $0
                }
            }, says: [query, "I32", "F32, F16 or BF16"]),
        Row(
            name: "a NaN",
            change: { entries in
                entries.map {
                    $0.name == query
                        ? SafetensorsEntry(
                            name: query, shape: [32, 32], values: (0..<1024).map { $0 == 77 ? .nan : 0 }) : $0
                }
            }, says: [query, "not finite", "index 77"]),
        Row(
            name: "an infinite value",
            change: { entries in
                entries.map {
                    $0.name == "classifier.bias"
                        ? SafetensorsEntry(name: $0.name, shape: [3], values: [0, .infinity, 0]) : $0
                }
            }, says: ["classifier.bias", "not finite", "index 1"]),
        Row(
            name: "an extra layer", change: { $0 + [zeros("bert.encoder.layer.2.output.dense.bias", [32])] },
            says: ["bert.encoder.layer.2.output.dense.bias", "2 layers"]),
        Row(
            name: "a vocabulary of the wrong size",
            change: { entries in
                entries.map { $0.name == "bert.embeddings.word_embeddings.weight" ? zeros($0.name, [10, 32]) : $0 }
            }, says: ["bert.embeddings.word_embeddings.weight has shape [10, 32]"]),
        Row(name: "none of the tensors", change: { _ in [zeros("x", [1])] }, says: ["classifier.weight is missing"]),
    ]

    private static func zeros(_ name: String, _ shape: [Int]) -> SafetensorsEntry {
        SafetensorsEntry(name: name, shape: shape, values: .init(repeating: 0, count: shape.reduce(1, *)))
    }

    @Test("One error names every tensor that does not fit", arguments: rows)
    func problems(_ row: Row) throws {
        let files = try CheckpointDirectory(
            path: Locations.fixtures.appending(path: "checkpoints/uncased-single-f32").path())
        let entries = try files.tensors().tensors.map(SafetensorsEntry.init)
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: "model.safetensors").path()
        try SafetensorsWriter.write(row.change(entries), to: path)
        let configuration = try Configuration(json: files.file("config.json"))
        let error = #expect(throws: ModelError.self) {
            try LoadedModel(configuration, tensors: TensorStore(path: path))
        }
        for words in row.says { #expect(error?.description.contains(words) == true, "\(String(describing: error))") }
    }

    @Test("For longer windows, the lower half of the positions is kept and the upper half is interpolated")
    func stretchedPositions() throws {
        let files = try CheckpointDirectory(
            path: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path())
        let base = try Configuration(json: files.file("config.json"))
        let configuration = try Configuration(
            json: base.json(
                task: base.task, labels: base.labels ?? [], name: nil, windowPieces: base.positions * 2 + 1))
        #expect(configuration.positions == base.positions * 2 + 1)
        func positions(_ configuration: Configuration, basePositions: Int?) throws -> [[Float]] {
            var generator = SeededGenerator(seed: 1)
            let network = try TrainableNetwork(
                configuration, base: files.tensors(), basePositions: basePositions, generator: &generator)
            let name = "bert.embeddings.position_embeddings.weight"
            let table = try #require(network.parameters.first { $0.name == name })
            #expect(table.shape == [configuration.positions, configuration.width])
            return (0..<table.value.rows).map { table.value.row($0) }
        }
        let before = try positions(base, basePositions: nil)
        let after = try positions(configuration, basePositions: base.positions)
        let kept = base.positions / 2
        #expect(Array(after[..<kept]) == Array(before[..<kept]))
        #expect(after[kept] == before[kept])
        #expect(after.last == before.last)
        let step = Double(base.positions - 1 - kept) / Double(configuration.positions - 1 - kept)
        for row in kept..<configuration.positions {
            let place = Double(kept) + Double(row - kept) * step
            let (below, above) = (before[Int(place)], before[min(Int(place) + 1, base.positions - 1)])
            let share = Float(place.truncatingRemainder(dividingBy: 1))
            for (found, (low, high)) in zip(after[row], zip(below, above)) {
                #expect(abs(found - (low * (1 - share) + high * share)) <= 1e-6)
            }
        }
        // Without basePositions, a table whose size differs from the configuration is still an error.
        #expect(throws: ModelError.self) { try positions(configuration, basePositions: nil) }
    }

    /// Runs in its own process, where no other test allocates.
    @Test("After the first forward pass, passes of any size allocate no matrix")
    func noAllocation() async {
        await #expect(processExitsWith: .success) {
            let directory = Locations.fixtures.appending(path: "checkpoints/uncased-single-f32")
            let files = try CheckpointDirectory(path: directory.path())
            let configuration = try Configuration(json: files.file("config.json"))
            let encoder = try Encoder(configuration, tensors: files.tensors())
            var workspace = Workspace(for: configuration, labels: 3, tokens: 300, threads: 2)
            let team = ThreadTeam(count: 2)
            let batches = [[1], [64, 64, 64], [5, 1, 60], [64, 64, 64, 64]].map { lengths in
                var batch = Batch()
                for length in lengths { batch.append([Int32](repeating: 7, count: length)) }
                return batch
            }
            encoder.forward(batches[0], .all, &workspace, team: team)
            let before = Matrix.allocations
            for batch in batches { encoder.forward(batch, .all, &workspace, team: team) }
            #expect(Matrix.allocations == before)
        }
    }
}
