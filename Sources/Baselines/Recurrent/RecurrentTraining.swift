import Corpora
import Kernels
import Model
import Runs

/// The training loop of a recurrent network: forward pass, loss, backward pass, AdamW.
final class RecurrentTraining {
    private let network: RecurrentNetwork
    private let settings: RecurrentSettings
    private let texts: [RecurrentText]
    private let data: BaselineData
    private let seed: UInt64
    private let workspace: RecurrentWorkspace
    private let team: ThreadTeam
    private let optimiser: Optimiser
    private let schedule: LearningRateSchedule
    /// Indices of the texts of each batch of each epoch.
    private let epochs: [[[Int]]]
    private var step = 0

    /// The fraction of all steps used for linear warm-up.
    private static let warmUp = 0.1

    init(
        _ network: RecurrentNetwork, texts: [RecurrentText], data: BaselineData, settings: RecurrentSettings,
        seed: UInt64, tokens: Int, workspace: RecurrentWorkspace, team: ThreadTeam
    ) {
        self.network = network
        self.settings = settings
        self.texts = texts
        self.data = data
        self.seed = seed
        self.workspace = workspace
        self.team = team
        optimiser = Optimiser(
            network.parameters,
            groups: network.parameters.map {
                Optimiser.Group(rate: settings.learningRate, decay: $0.isDecayed ? settings.weightDecay : 0)
            }, clip: settings.clip)
        epochs = (0..<settings.epochs).map { epoch in
            var order = SplitMix64(seed: seed, .order, epoch)
            var packing = SplitMix64(seed: seed, .packing, epoch)
            return RecurrentBatch.plan(
                texts.indices.shuffled(using: &order), of: texts, size: settings.batchSize, tokens: tokens
            ).shuffled(using: &packing)
        }
        schedule = LearningRateSchedule(steps: epochs.reduce(0) { $0 + $1.count }, warmUp: Self.warmUp)
    }

    /// Runs one epoch.
    ///
    /// - Returns: The mean loss over the training texts.
    /// - Throws: `TrainingError.diverged` if the loss or the norm of the gradient is not finite.
    func run(epoch: Int) throws(TrainingError) -> Double {
        var loss = 0.0
        for items in epochs[epoch] {
            var generator = SplitMix64(seed: seed, .dropout, step)
            let dropout = RecurrentDropout(
                words: Dropout(probability: settings.dropout, key: generator.next()),
                texts: Dropout(probability: settings.dropout, key: generator.next()))
            let batch = RecurrentBatch(items, of: texts)
            network.forward(batch, dropout, workspace, team: team)
            loss += setGradient(targets: items.map { data.targets[$0] })
            guard loss.isFinite else { throw diverged("the loss is \(loss)") }
            network.backward(batch, dropout, workspace, team: team)
            let norm = optimiser.step(step, factor: schedule.factor(at: step), team: team)
            guard norm.isFinite else { throw diverged("the norm of the gradient is \(norm)") }
            step += 1
        }
        return loss / Double(texts.count)
    }

    /// Returns the sum of the losses of a batch's texts, and writes the gradient of their mean by the logits to the
    /// workspace.
    private func setGradient(targets: [[Int]]) -> Double {
        workspace.logitsGradient.resize(rows: targets.count)
        var total = 0.0
        for (row, target) in targets.enumerated() {
            let logits = workspace.logits.row(row).map(Double.init)
            let (loss, gradient) =
                data.areExclusive
                ? softmaxCrossEntropy(logits, target: target[0], smoothing: 0)
                : binaryCrossEntropy(logits, targets: logits.indices.map { target.contains($0) })
            total += loss
            for (column, value) in gradient.enumerated() {
                workspace.logitsGradient[row, column] = Float(value / Double(targets.count))
            }
        }
        return total
    }

    private func diverged(_ what: String) -> TrainingError {
        .diverged("\(what) at step \(step + 1): training diverged. Lower --learning-rate and train again.")
    }
}
