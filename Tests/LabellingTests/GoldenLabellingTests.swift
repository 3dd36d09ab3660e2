import Checkpoint
import FoundationEssentials
import Labelling
import TestSupport
import Testing

/// Tests of the path from sentences to labels that serving and the command line use.
@Suite("Labels compared with PyTorch")
struct GoldenLabellingTests {
    @Test("Windows, labels and marginals agree with PyTorch, for abstracts alone and in batches")
    func shipped() throws {
        let golden = try Golden(Locations.fixtures.appending(path: "reference/golden.json"))
        try agree(golden, Locations.models)
    }

    @Test(
        "The reference checkpoint agrees with PyTorch, on real abstracts too", .enabled(if: Locations.shared != nil),
        arguments: ["golden.json", "golden_corpus.json"])
    func reference(file: String) throws {
        let directory = try #require(Locations.shared).appending(path: "reference")
        try agree(Golden(directory.appending(path: file)), directory)
    }

    @Test(
        "Tiny checkpoints with short windows agree with PyTorch",
        arguments: ["sequence-labeller-f32", "sequence-labeller-f16"])
    func tiny(name: String) throws {
        let directory = Locations.fixtures.appending(path: "checkpoints/\(name)")
        try agree(Golden(directory.appending(path: "expected.json")), directory)
    }

    private func agree(_ golden: Golden, _ directory: URL) throws {
        let labeller = try Labeller(CheckpointDirectory(path: directory.path()))
        let prepared = try golden.abstracts.map { try labeller.prepare(Abstract(sentences: $0.sentences)) }
        for (expected, found) in zip(golden.abstracts, prepared) {
            #expect(found.layout.windows.map(\.ids) == expected.windows.map(\.ids), "\(expected.id)")
            #expect(found.layout.windows.map(\.spans) == expected.windows.map(\.ranges), "\(expected.id)")
            if let truncated = expected.truncated { #expect(found.layout.truncated.sorted() == truncated) }
        }
        let engine = Engine(labeller, threads: 2)
        let smallBatches = Engine(labeller, threads: 1, tokens: 1)
        var mixed = Array(golden.abstracts.indices)
        var generator = SeededGenerator(seed: 3)
        mixed.shuffle(using: &generator)
        let runs: [(String, [Int], [LabelledAbstract])] = [
            ("alone", Array(mixed), mixed.flatMap { engine.label([prepared[$0]]) }),
            ("together", mixed, engine.label(mixed.map { prepared[$0] })),
            ("in batches of one window", mixed, smallBatches.label(mixed.map { prepared[$0] })),
        ]
        for (name, order, results) in runs {
            for (index, found) in zip(order, results) {
                let expected = golden.abstracts[index]
                #expect(found.sentences.map { labeller.labels[$0.label] } == expected.labels, "\(expected.id), \(name)")
                let difference = largestDifference(found.sentences.map(\.scores), expected.marginals)
                #expect(difference <= 1e-4, "\(expected.id), \(name): marginals differ by \(difference)")
            }
        }
    }
}
