public import Runs
import Corpora
import Checkpoint
import Kernels
import Model

/// The mean of several checkpoints' weights, which generalises better than each of them where they lie in one basin of the
/// loss: runs from one base with other seeds, or stages of one run (Izmailov et al. 2018; Wortsman et al. 2022).
public struct CheckpointAverage {
    /// What is averaged.
    public let checkpoints: [BaseCheckpoint]
    private let network: TrainableNetwork

    /// Reads and averages.
    ///
    /// - Parameter paths: Directories of checkpoints of one configuration, two at least.
    /// - Throws: ``TrainingError/recipe(_:)`` where they are not of one configuration, and errors of their files.
    public init(_ paths: [String]) throws {
        checkpoints = try paths.map(BaseCheckpoint.init)
        guard checkpoints.count > 1, let first = checkpoints.first else {
            throw TrainingError.recipe("an average needs two checkpoints at least; \(paths.count) given.")
        }
        guard first.configuration.task != .multiLabelClassification else {
            throw TrainingError.recipe(
                "\(first.directory.path) gives any number of labels, by thresholds that belong to its own weights; it cannot be averaged."
            )
        }
        network = try Self.network(first)
        let team = ThreadTeam(count: 1)
        for (index, checkpoint) in checkpoints.enumerated().dropFirst() {
            guard checkpoint.configuration.isInterchangeable(with: first.configuration) else {
                throw TrainingError.recipe(
                    "\(checkpoint.directory.path) is not of the configuration of \(first.directory.path); expected the same task, labels, sizes and windows."
                )
            }
            let next = try Self.network(checkpoint)
            for (mean, parameter) in zip(network.parameters, next.parameters) {
                moveAverage(&mean.value, towards: parameter.value, share: 1 / Float(index + 1), team: team)
            }
        }
    }

    private static func network(_ checkpoint: BaseCheckpoint) throws -> TrainableNetwork {
        var generator = SplitMix64(seed: 0, .head)
        let network = try TrainableNetwork(
            checkpoint.configuration, base: checkpoint.directory.tensors(), generator: &generator)
        guard network.initialised.isEmpty else {
            throw TrainingError.recipe(
                "\(checkpoint.directory.path) has no \(network.initialised.joined(separator: ", ")); expected a trained checkpoint."
            )
        }
        return network
    }

    /// Writes the averaged checkpoint, its weights last.
    ///
    /// - Parameters:
    ///   - directory: Where to.
    ///   - name: The checkpoint's own.
    ///   - storage: How the weights are stored.
    /// - Throws: ``TrainingError/output(_:)`` where that is impossible.
    public func write(to directory: RunDirectory, name: String, storage: Recipe.Storage) throws {
        let entries = try network.entries(as: storage.elementType)
        let lock = try directory.open(resuming: false, bytes: entries.reduce(0) { $0 + $1.bytes.count })
        defer { withExtendedLifetime(lock) {} }
        directory.remove(directory.statePath)
        let base = checkpoints[0]
        let configuration = base.configuration.json(
            task: base.configuration.task, labels: network.labels, name: name, storage: storage.torchType)
        do {
            try directory.writeCheckpoint(
                to: directory.path, configuration: configuration, base: base, weights: entries)
        } catch {
            throw TrainingError.output("the average cannot be written: \(error)")
        }
    }
}
