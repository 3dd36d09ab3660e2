import Checkpoint
import FoundationEssentials
import Kernels
import Model
import TestSupport
import Testing

@Suite("Sequence classifier (BertForSequenceClassification)")
struct ClassifierTests {
    @Test(
        "Logits agree with transformers within 1e-4, for one text at a time and for all in one batch",
        arguments: [
            "uncased-single-f32", "uncased-single-f16", "uncased-single-bf16", "scibert-like", "tinybert-like",
            "bioclinical-cased", "multilabel", "encoder-only-no-prefix", "encoder-only-no-prefix-relu",
            "transposed-bin",
        ])
    func logits(name: String) throws {
        let directory = Locations.fixtures.appending(path: "checkpoints/\(name)")
        let golden = try ClassifierGolden(directory: directory)
        let files = try CheckpointDirectory(path: directory.path())
        let loaded = try LoadedModel(Configuration(json: files.file("config.json")), tensors: files.tensors())
        guard case .sequenceClassifier(let model) = loaded else {
            Issue.record("\(name) was not loaded as a classifier")
            return
        }
        #expect(model.labels == golden.labels)
        var workspace = Workspace(for: loaded.configuration, labels: model.labels.count, tokens: 2_000, threads: 2)
        let team = ThreadTeam(count: 2)
        var together = Batch()
        var largest = 0.0
        for example in golden.examples {
            var alone = Batch()
            alone.append(example.ids)
            together.append(example.ids)
            model.logits(alone, &workspace, team: team)
            largest = max(largest, largestDifference([workspace.logits.row(0).map(Double.init)], [example.logits]))
        }
        model.logits(together, &workspace, team: team)
        let rows = golden.examples.indices.map { workspace.logits.row($0).map(Double.init) }
        largest = max(largest, largestDifference(rows, golden.examples.map(\.logits)))
        #expect(largest <= 1e-4)
        print("largest difference from transformers, \(name): \(largest)")
    }
}
