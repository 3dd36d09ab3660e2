import Checkpoint
import FoundationEssentials
import Kernels
import Model
import TestSupport
import Testing

/// Compares the gradient of the whole network with central differences of its own forward pass.
@Suite("Network gradient")
struct NetworkGradientTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let checkpoint: String
        let targets: [Target]
        var dropout = DropoutRates.none
        var smoothing = 0.0
        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "sequence labeller", checkpoint: "sequence-labeller-f32",
            targets: [
                .sequence(
                    named: [[0], [2], [3]].map { LabelSubset($0) },
                    allowed: [[0, 1], [2], [3]].map { LabelSubset($0) },
                    exactShare: 0.3),
                .sequence(
                    named: [[1], [4]].map { LabelSubset($0) }, allowed: [[1], [4]].map { LabelSubset($0) },
                    exactShare: 1),
            ]),
        Row(
            name: "sequence labeller with dropout", checkpoint: "sequence-labeller-f32",
            targets: [
                .sequence(
                    named: [[0], [2], [3], [4]].map { LabelSubset($0) },
                    allowed: (0..<4).map { _ in LabelSubset([0, 2, 3, 4]) }, exactShare: 0.5)
            ],
            dropout: DropoutRates(hidden: 0.2, attention: 0.2, head: 0.3)),
        Row(
            name: "single-label classifier with smoothing", checkpoint: "uncased-single-f32",
            targets: [.label(0), .label(2), .label(1)], smoothing: 0.1),
        Row(
            name: "multi-label classifier with dropout", checkpoint: "multilabel",
            targets: [.labels([true, false, true, false]), .labels([false, false, false, false])],
            dropout: DropoutRates(hidden: 0.1, attention: 0.1, head: 0.1)),
        Row(
            name: "heads of width 26, new labels", checkpoint: "tinybert-like",
            targets: [.label(0), .label(1)]),
    ]

    /// A network and a random batch for one row.
    private final class Drawn {
        let network: TrainableNetwork
        let batch: TrainingBatch
        let configuration: Configuration
        let team = ThreadTeam(count: 2)

        init(_ row: Row) throws {
            let directory = try CheckpointDirectory(
                path: Locations.fixtures.appending(path: "checkpoints/\(row.checkpoint)").path())
            var configuration = try Configuration(json: directory.file("config.json"))
            if configuration.labels == nil {
                configuration = try Configuration(
                    json: configuration.json(task: configuration.task, labels: ["first", "second"], name: nil))
            }
            var drawn = SeededGenerator(seed: 1)
            network = try TrainableNetwork(configuration, base: directory.tensors(), generator: &drawn)
            var batch = TrainingBatch()
            for target in row.targets {
                var ids: [Int32] = [2]
                var spans: [Range<Int>] = []
                for length in 3..<3 + target.items {
                    let start = ids.count
                    ids += (0..<length).map { _ in
                        Int32.random(in: 5..<Int32(configuration.vocabularySize), using: &drawn)
                    }
                    ids.append(3)
                    spans.append(start..<ids.count)
                }
                batch.append([(ids, spans)], target: target)
            }
            self.batch = batch
            self.configuration = configuration
        }

        func workspace(_ precision: ProductPrecision = .float32) -> TrainingWorkspace {
            TrainingWorkspace(
                for: configuration, labels: network.labels.count, tokens: batch.tokens, threads: team.count,
                precision: precision)
        }

        /// Returns the loss and leaves its gradients in the network.
        func loss(_ row: Row, _ workspace: inout TrainingWorkspace) -> Double {
            network.clearGradients()
            var generator = SeededGenerator(seed: 3)
            return network.accumulate(
                batch, dropout: row.dropout, smoothing: row.smoothing, scale: 1, generator: &generator,
                workspace: &workspace, team: team)
        }
    }

    @Test("Every parameter's gradient agrees with central differences", arguments: rows)
    func gradient(_ row: Row) throws {
        let drawn = try Drawn(row)
        var workspace = drawn.workspace()
        _ = drawn.loss(row, &workspace)
        let gradients = drawn.network.parameters.map { $0.gradient.values }
        for (parameter, gradient) in zip(drawn.network.parameters, gradients) {
            // Moves along the gradient itself, where the difference is largest compared with the rounding of float32.
            let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard norm > 1e-4 else { continue }
            let original = parameter.value.values
            let step = min(4e-3, 4e-2 / norm)
            func moved(_ distance: Double) -> Double {
                for (index, derivative) in gradient.enumerated() {
                    let (row, column) = index.quotientAndRemainder(dividingBy: parameter.value.columns)
                    parameter.value[row, column] = original[index] + Float(distance * Double(derivative) / norm)
                }
                return drawn.loss(row, &workspace)
            }
            let found = (moved(step) - moved(-step)) / (2 * step)
            _ = moved(0)
            #expect(
                abs(found - norm) <= 0.01 * norm + 2e-3,
                "\(parameter.name): gradient \(norm), central difference \(found)")
        }
    }

    @Test("Matrix multiplication in bfloat16 changes the loss and the gradients only by rounding", arguments: rows)
    func bfloat16(_ row: Row) throws {
        let drawn = try Drawn(row)
        func evaluate(_ precision: ProductPrecision) -> (loss: Double, gradients: [[Float]]) {
            var workspace = drawn.workspace(precision)
            let loss = drawn.loss(row, &workspace)
            return (loss, drawn.network.parameters.map { $0.gradient.values })
        }
        let (exact, rounded) = (evaluate(.float32), evaluate(.bfloat16))
        #expect(exact.gradients != rounded.gradients)
        #expect(
            abs(exact.loss - rounded.loss) <= 0.02 * exact.loss, "loss \(exact.loss), with bfloat16 \(rounded.loss)")
        var (difference, norm) = (0.0, 0.0)
        for (exact, rounded) in zip(exact.gradients.joined(), rounded.gradients.joined()) {
            difference += Double(exact - rounded) * Double(exact - rounded)
            norm += Double(exact) * Double(exact)
        }
        // The last bit of a bfloat16 operand is about 1/256 of its value.
        #expect(
            difference.squareRoot() <= 0.03 * norm.squareRoot(),
            "relative difference \((difference / norm).squareRoot())")
    }
}
