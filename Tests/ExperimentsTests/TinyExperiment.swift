import Corpora
import Experiments
import FoundationEssentials
import Runs
import TestSupport
import Training

/// Parts of experiments that run in a fraction of a second: a two-layer encoder, and invented abstracts with words from
/// its vocabulary.
enum TinyExperiment {
    private static let words = [
        ("BACKGROUND", ["the", "risk", "of", "stroke"]), ("OBJECTIVE", ["we", "aimed", "to", "control"]),
        ("METHODS", ["patients", "were", "randomized", "12"]), ("RESULTS", ["the", "hazard", "ratio", "was"]),
        ("CONCLUSIONS", ["conclusions", "therapy", "increased", "survival"]),
    ]

    static let base = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()

    /// Returns abstracts with one or two sentences for each label.
    static func abstracts(_ count: Int, seed: UInt64) -> LabelledCorpus {
        var generator = SeededGenerator(seed: seed)
        let abstracts = (0..<count).map { index in
            TrainingAbstract(
                id: "\(seed)-\(index)",
                sentences: words.flatMap { label, words in
                    (0..<Int.random(in: 1...2, using: &generator)).map { _ in
                        .init(text: words.shuffled(using: &generator).joined(separator: " "), label: label)
                    }
                })
        }
        return .abstracts(TrainingCorpus(items: abstracts, omissions: CorpusOmissions(), sources: []))
    }

    static func recipe(_ task: TrainingTask = .sentence, epochs: Double = 3) -> Recipe {
        var recipe = Recipe(task: task)
        recipe.epochs = epochs
        recipe.tokensPerBatch = 300
        recipe.threads = 1
        return recipe
    }

    static func job(_ recipe: Recipe) throws -> TrainingJob {
        try TrainingJob(
            recipe: recipe, base: BaseCheckpoint(path: base), training: abstracts(16, seed: 1),
            development: abstracts(6, seed: 2), name: "tiny")
    }

    /// Returns the weights of a finished checkpoint.
    static func weights(in path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path).appending(path: "model.safetensors"))
    }
}
