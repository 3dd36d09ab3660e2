public import Runs
import Training

/// A training run or an existing checkpoint in an experiment.
public struct ExperimentRun: Sendable {
    /// Name, unique within the experiment, such as `downsampled`, `downsampled/seed-2` or `trial-7`.
    public let name: String
    /// The settings that distinguish the run from others in the experiment.
    public let settings: [Setting]
    /// Directory of the checkpoint.
    public let directory: RunDirectory

    /// Creates a run.
    public init(name: String, settings: [Setting], directory: RunDirectory) {
        self.name = name
        self.settings = settings
        self.directory = directory
    }
}
