import Baselines
import Kernels
import Model
import TestSupport
import Testing

@Suite("Recurrent network")
struct RecurrentNetworkTests {
    struct Golden: Decodable {
        struct Tensor: Decodable {
            let shape: [Int]
            let values: [Float]
            let gradient: [Double]
        }
        let words: Int
        let embedding: Int
        let state: Int
        let labels: Int
        let texts: [[Int]]
        let targets: [Int]
        let logits: [[Double]]
        let loss: Double
        let tensors: [String: Tensor]
    }

    /// A network with a batch of texts and their true labels.
    private struct Drawn {
        let network: RecurrentNetwork
        let batch: RecurrentBatch
        let targets: [Int]
        let team = ThreadTeam(count: 2)

        /// Returns the mean cross-entropy and computes its gradients.
        func loss(_ dropout: RecurrentDropout, _ workspace: RecurrentWorkspace) -> Double {
            network.forward(batch, dropout, workspace, team: team)
            workspace.logitsGradient.resize(rows: targets.count)
            var total = 0.0
            for (row, target) in targets.enumerated() {
                let (loss, gradient) = softmaxCrossEntropy(
                    workspace.logits.row(row).map(Double.init), target: target, smoothing: 0)
                total += loss / Double(targets.count)
                for (column, value) in gradient.enumerated() {
                    workspace.logitsGradient[row, column] = Float(value / Double(targets.count))
                }
            }
            network.backward(batch, dropout, workspace, team: team)
            return total
        }
    }

    @Test("Logits, loss and all gradients match PyTorch's nn.GRU")
    func torch() throws {
        let golden: Golden = try BaselineFixtures.read("gru.json")
        let sizes = RecurrentNetwork.Sizes(
            words: golden.words, embedding: golden.embedding, state: golden.state, labels: golden.labels, parts: 0)
        let network = try RecurrentNetwork(sizes) { names, shape in
            try names.flatMap { name in
                let tensor = try #require(golden.tensors[name])
                #expect(tensor.shape == shape)
                return tensor.values
            }
        }
        let texts = golden.texts.map { RecurrentText(words: $0) }
        let drawn = Drawn(
            network: network, batch: RecurrentBatch(Array(texts.indices), of: texts), targets: golden.targets)
        let workspace = RecurrentWorkspace(sizes, tokens: 20, texts: 4, threads: 2)
        #expect(abs(drawn.loss(.none, workspace) - golden.loss) < 1e-6)
        let logits = golden.logits.indices.map { workspace.logits.row($0).map(Double.init) }
        #expect(largestDifference(logits, golden.logits) < 1e-6)
        for parameter in network.parameters {
            let expected = try parameter.tensors.flatMap { try #require(golden.tensors[$0]).gradient }
            let found = parameter.gradient.values.map(Double.init)
            #expect(largestDifference([found], [expected]) < 1e-6, "\(parameter.name)")
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let parts: Int
        let dropout: Float
        var testDescription: String { "\(parts) parts of an abstract, dropout \(dropout)" }
    }

    @Test(
        "The gradient of every parameter agrees with central differences",
        arguments: [Row(parts: 0, dropout: 0), Row(parts: 4, dropout: 0), Row(parts: 4, dropout: 0.3)])
    func gradient(_ row: Row) {
        var generator = SeededGenerator(seed: 6)
        let sizes = RecurrentNetwork.Sizes(words: 12, embedding: 6, state: 8, labels: 3, parts: row.parts)
        let network = RecurrentNetwork(sizes, generator: &generator)
        let texts = [7, 5, 5, 1].map { length in
            RecurrentText(
                words: (0..<length).map { _ in Int.random(in: 0..<12, using: &generator) },
                part: row.parts > 0 ? Int.random(in: 0..<row.parts, using: &generator) : nil)
        }
        let drawn = Drawn(
            network: network, batch: RecurrentBatch(Array(texts.indices), of: texts), targets: [0, 2, 1, 0])
        let workspace = RecurrentWorkspace(sizes, tokens: 20, texts: 4, threads: 2)
        let dropout = RecurrentDropout(
            words: Dropout(probability: row.dropout, key: 3), texts: Dropout(probability: row.dropout, key: 4))
        _ = drawn.loss(dropout, workspace)
        let gradients = network.parameters.map { $0.gradient.values }
        for (parameter, gradient) in zip(network.parameters, gradients) {
            // Step along the gradient, where the difference is largest relative to the rounding of float32.
            let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(norm > 1e-4, "\(parameter.name)")
            let original = parameter.value.values
            func moved(_ distance: Double) -> Double {
                for (index, derivative) in gradient.enumerated() {
                    let (row, column) = index.quotientAndRemainder(dividingBy: parameter.value.columns)
                    parameter.value[row, column] = original[index] + Float(distance * Double(derivative) / norm)
                }
                return drawn.loss(dropout, workspace)
            }
            let found = (moved(1e-2) - moved(-1e-2)) / 2e-2
            _ = moved(0)
            #expect(abs(found - norm) <= 0.01 * norm + 1e-4, "\(parameter.name): \(norm), by differences \(found)")
        }
    }
}
