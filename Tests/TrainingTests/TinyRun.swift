import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import Runs
import TestSupport
import Training

/// Training runs that take a fraction of a second: a two-layer encoder and invented abstracts of words in its
/// vocabulary.
enum TinyRun {
    static let labels = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]
    private static let words = [
        ["the", "risk", "of", "stroke"], ["we", "aimed", "to", "control"], ["patients", "were", "randomized", "12"],
        ["the", "hazard", "ratio", "was", "0.5"], ["conclusions", "therapy", "increased", "survival"],
    ]

    /// Opens a directory in `Tests/Fixtures/checkpoints`.
    static func base(_ name: String = "sequence-labeller-f32") throws -> BaseCheckpoint {
        try BaseCheckpoint(path: Locations.fixtures.appending(path: "checkpoints/\(name)").path())
    }

    /// Returns abstracts with one to three sentences per role; the words of a sentence show its role.
    static func abstracts(_ count: Int, seed: UInt64 = 1) -> [TrainingAbstract] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            var sentences: [TrainingAbstract.Sentence] = []
            for (label, words) in zip(labels, words) {
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    sentences.append(
                        .init(text: words.shuffled(using: &generator).joined(separator: " "), label: label))
                }
            }
            return TrainingAbstract(id: "\(seed)-\(index)", sentences: sentences)
        }
    }

    /// Returns texts with one label each.
    static func texts(_ count: Int, seed: UInt64 = 1) -> [TrainingText] {
        Array(TrainingText.sentences(of: abstracts(count, seed: seed)).prefix(count))
    }

    static func corpus(_ abstracts: [TrainingAbstract]) -> LabelledCorpus {
        .abstracts(TrainingCorpus(items: abstracts, omissions: CorpusOmissions(), sources: []))
    }

    static func corpus(_ texts: [TrainingText]) -> LabelledCorpus {
        .texts(TrainingCorpus(items: texts, omissions: CorpusOmissions(), sources: []))
    }

    /// A recipe with few steps that uses every kind of randomness.
    static var recipe: Recipe {
        var recipe = Recipe(task: .sequenceLabelling)
        recipe.learningRate = 1e-3
        recipe.epochs = 2
        recipe.tokensPerBatch = 200
        recipe.threads = 2
        recipe.accumulation = 2
        recipe.averaging = 0.9
        recipe.exactShare = 0.5
        recipe.maskedPieces = 0.1
        recipe.shortened = 0.3
        return recipe
    }

    static func job(
        _ recipe: Recipe = recipe, training: LabelledCorpus? = nil, development: LabelledCorpus? = nil,
        teachers: [String] = []
    ) throws -> TrainingJob {
        try TrainingJob(
            recipe: recipe, base: base(), training: training ?? corpus(abstracts(24)),
            development: development ?? corpus(abstracts(6, seed: 2)), teachers: teachers.map { try base($0) },
            name: "tiny")
    }

    /// Trains a run to its end and returns the file of weights.
    static func weights(_ job: TrainingJob, in directory: TemporaryDirectory) throws -> Data {
        let path = directory.url.appending(path: "run").path()
        guard case .finished = try Trainer(job, directory: RunDirectory(path: path)).run() else {
            throw TrainingError.state("the run was stopped")
        }
        return try weights(in: path)
    }

    static func weights(in path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path).appending(path: "model.safetensors"))
    }

    /// Returns the epochs in `training.json` without their times.
    static func history(in path: String) throws -> [Epoch] {
        struct Record: Decodable {
            let history: [Epoch]
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = URL(filePath: path).appending(path: "training.json")
        return try decoder.decode(Record.self, from: Data(contentsOf: file)).history
    }

    struct Epoch: Decodable, Equatable {
        let epoch: Int
        let step: Int
        let trainingLoss: Double
        let development: Figures
        let developmentWithMaskedNumbers: Figures?
    }
}
