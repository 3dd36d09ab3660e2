import Checkpoint
import Corpora
import Kernels
import Model
public import Runs

/// The mean of the weights of several checkpoints. It generalises better than each of them if they lie in one basin of
/// the loss: runs from one base checkpoint with different seeds, or stages of one run (Izmailov et al. 2018; Wortsman
/// et al. 2022).
public struct CheckpointAverage {
    /// The averaged checkpoints.
    public let checkpoints: [BaseCheckpoint]
    private let network: TrainableNetwork

    /// Reads checkpoints and averages their weights.
    ///
    /// - Parameter paths: The directories of two or more checkpoints with the same configuration.
    /// - Throws: ``TrainingError/recipe(_:)`` if the configurations differ or cannot be averaged, or errors of the
    ///   checkpoint files.
    public init(_ paths: [String]) throws {
        checkpoints = try paths.map(BaseCheckpoint.init)
        guard checkpoints.count > 1, let first = checkpoints.first else {
            throw TrainingError.recipe("an average needs at least two checkpoints; found \(paths.count).")
        }
        guard first.configuration.task != .multiLabelClassification else {
            throw TrainingError.recipe(
                "\(first.directory.path) is a multi-label checkpoint and cannot be averaged, because its thresholds suit only its own weights; average checkpoints that assign one label."
            )
        }
        network = try Self.network(first)
        let team = ThreadTeam(count: 1)
        for (index, checkpoint) in checkpoints.enumerated().dropFirst() {
            guard checkpoint.configuration.isInterchangeable(with: first.configuration) else {
                throw TrainingError.recipe(
                    "\(checkpoint.directory.path) has a different configuration from \(first.directory.path); choose checkpoints with the same task, labels, sizes and windows."
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
                "\(checkpoint.directory.path) has no \(network.initialised.joined(separator: ", ")); choose a trained checkpoint."
            )
        }
        return network
    }

    /// Writes the averaged checkpoint, its weights last.
    ///
    /// - Parameters:
    ///   - directory: The output directory.
    ///   - name: The name of the averaged model.
    ///   - storage: The number format of the stored weights.
    /// - Throws: ``TrainingError/output(_:)`` if the checkpoint cannot be written.
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
            throw TrainingError.output(
                "the average cannot be written to \(directory.path): \(FileFailure.reason(error)).")
        }
    }
}
