import Checkpoint
import FoundationEssentials
import Kernels
import Model
import Runs
import TestSupport
import Testing
import Training

/// Compares ten AdamW steps with PyTorch's, from the same checkpoints and batches:
/// Fixtures/training/make_training_fixtures.py.
@Suite("Training steps")
struct TrainingStepsTests {
    struct Steps: Decodable {
        let settings: Settings
        let cases: [Case]
    }

    struct Settings: Decodable {
        let rate: Double
        let headFactor: Double
        let decay: Double
        let clip: Double
        let warmUp: Int

        enum CodingKeys: String, CodingKey {
            case rate
            case headFactor = "head_factor"
            case decay, clip
            case warmUp = "warm_up"
        }
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let checkpoint: String
        let smoothing: Double
        let texts: [Text]
        let losses: [Double]
        let norms: [Double]
        var testDescription: String { checkpoint }
    }

    struct Text: Decodable {
        struct Window: Decodable {
            let ids: [Int32]
            let spans: [[Int]]
        }

        let windows: [Window]?
        let labels: [Int]?
        let allowed: [[Int]]?
        let exactShare: Double?
        let ids: [Int32]?
        let label: Int?
        let targets: [Bool]?

        enum CodingKeys: String, CodingKey {
            case windows, labels, allowed
            case exactShare = "exact_share"
            case ids, label, targets
        }

        /// Appends the text to a batch as the trainer does.
        func append(to batch: inout TrainingBatch) {
            if let windows, let labels, let allowed, let exactShare {
                batch.append(
                    windows.map { ($0.ids, $0.spans.map { $0[0]..<$0[1] }) },
                    target: .sequence(
                        named: labels.map { LabelSubset([$0]) }, allowed: allowed.map { LabelSubset($0) },
                        exactShare: exactShare))
            } else if let ids, let target = label.map(Target.label) ?? targets.map(Target.labels) {
                batch.append([(ids, [])], target: target)
            }
        }
    }

    static let file = Result {
        try JSONDecoder().decode(
            Steps.self, from: Data(contentsOf: Locations.fixtures.appending(path: "training/steps.json")))
    }

    @Test("Losses and gradient norms equal PyTorch's", arguments: try file.get().cases)
    func losses(_ row: Case) throws {
        let settings = try Self.file.get().settings
        let directory = try CheckpointDirectory(
            path: Locations.fixtures.appending(path: "checkpoints/\(row.checkpoint)").path())
        let configuration = try Configuration(json: directory.file("config.json"))
        var generator = SeededGenerator(seed: 1)
        let network = try TrainableNetwork(configuration, base: directory.tensors(), generator: &generator)
        #expect(network.initialised == [])
        var recipe = Recipe(task: .sequenceLabelling)
        recipe.learningRate = settings.rate
        recipe.headLearningRate = settings.rate * settings.headFactor
        recipe.layerDecay = 1
        recipe.weightDecay = settings.decay
        recipe.clip = settings.clip
        let optimiser = Optimiser(network.parameters, layers: configuration.layers, recipe: recipe)
        let schedule = LearningRateSchedule(
            steps: row.losses.count, warmUp: Double(settings.warmUp) / Double(row.losses.count))
        var batch = TrainingBatch()
        for text in row.texts { text.append(to: &batch) }
        #expect(batch.targets.count == row.texts.count)
        let team = ThreadTeam(count: 2)
        var workspace = TrainingWorkspace(
            for: configuration, labels: network.labels.count, tokens: batch.tokens, threads: team.count)
        for step in row.losses.indices {
            network.clearGradients()
            let loss =
                network.accumulate(
                    batch, smoothing: row.smoothing, scale: 1 / Double(batch.items), generator: &generator,
                    workspace: &workspace, team: team) / Double(batch.items)
            let norm = optimiser.step(step, factor: schedule.factor(at: step), team: team)
            #expect(abs(loss - row.losses[step]) <= 1e-4 * row.losses[step], "step \(step)")
            #expect(abs(norm - row.norms[step]) <= 1e-3 * row.norms[step], "step \(step)")
        }
    }
}
