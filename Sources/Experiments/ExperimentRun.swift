public import Training

/// One of an experiment's training runs, or a checkpoint that takes part in it.
public struct ExperimentRun: Sendable {
    /// Its own within the experiment, such as `downsampled`, `downsampled/seed-2` or `trial-7`.
    public let name: String
    /// What sets it apart from the experiment's others.
    public let settings: [Setting]
    /// Where its checkpoint is, or will be.
    public let directory: RunDirectory

    /// A run.
    public init(name: String, settings: [Setting], directory: RunDirectory) {
        self.name = name
        self.settings = settings
        self.directory = directory
    }
}
