import Checkpoint
import FoundationEssentials
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Average of checkpoints")
struct CheckpointAverageTests {
    private static func fixture(_ name: String) -> String {
        Locations.fixtures.appending(path: "checkpoints/\(name)").path()
    }

    /// Writes a checkpoint like `sequence-labeller-f32` with all its weights changed.
    private static func moved(by distance: Float, in directory: TemporaryDirectory, _ name: String) throws -> String {
        let source = try CheckpointDirectory(path: fixture("sequence-labeller-f32"))
        let path = directory.url.appending(path: name).path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in ["config.json", "vocab.txt", "tokenizer_config.json"] {
            try Data(source.file(file)).write(to: URL(filePath: path).appending(path: file))
        }
        let entries = try values(source.tensors()).map { tensor in
            SafetensorsEntry(name: tensor.name, shape: tensor.shape, values: tensor.values.map { $0 + distance })
        }
        try SafetensorsWriter.write(entries, to: "\(path)/model.safetensors")
        return path
    }

    private static func values(_ store: TensorStore) -> [(name: String, shape: [Int], values: [Float])] {
        store.tensors.map { tensor in
            let values = tensor.withBytes { bytes in
                (0..<tensor.elementCount).map {
                    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
                }
            }
            return (tensor.name, tensor.shape, values)
        }
    }

    @Test("Every weight is the mean, and all other files are those of the first checkpoint")
    func mean() throws {
        let directory = try TemporaryDirectory()
        let paths = try [0, 0.5, 4].map { try Self.moved(by: $0, in: directory, "\($0)") }
        let out = RunDirectory(path: directory.url.appending(path: "mean").path())
        try CheckpointAverage(paths).write(to: out, name: "mean", storage: .f32)
        let files = try CheckpointDirectory(path: out.path)
        let configuration = try Configuration(json: files.file("config.json"))
        let original = try CheckpointDirectory(path: paths[0])
        #expect(configuration.name == "mean")
        #expect(try configuration.isInterchangeable(with: Configuration(json: original.file("config.json"))))
        #expect(try files.file("vocab.txt") == original.file("vocab.txt"))
        let found = try Dictionary(uniqueKeysWithValues: Self.values(files.tensors()).map { ($0.name, $0.values) })
        for tensor in try Self.values(original.tensors()) {
            let mean = try #require(found[tensor.name])
            let isMean = zip(mean, tensor.values).allSatisfy { abs($0 - ($1 + 1.5)) < 1e-5 }
            #expect(isMean && mean.count == tensor.values.count, "\(tensor.name)")
        }
        let written = try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
        #expect(written == ["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"])
    }

    @Test(
        "Checkpoints that cannot be averaged are refused",
        arguments: [
            (["sequence-labeller-f32"], "at least two checkpoints"),
            (["sequence-labeller-f32", "scibert-like"], "a different configuration"),
            (["multilabel", "multilabel"], "thresholds"),
        ])
    func refused(names: [String], reason: String) throws {
        let error = #expect(throws: TrainingError.self) { _ = try CheckpointAverage(names.map(Self.fixture)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
}
