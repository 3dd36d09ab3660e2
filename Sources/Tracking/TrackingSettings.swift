public import MLflow

/// The destination and the names under which a run is tracked.
public struct TrackingSettings: Sendable {
    /// The destination of the run.
    public var destination: Destination
    /// The name of the experiment.
    public var experiment: String
    /// The name of the run.
    public var runName: String

    /// The name of the folder in a run's directory that is used if no tracking server is given.
    public static let folderName = "mlruns"

    /// Creates settings from the command line, MLflow's environment variables and defaults, in this order of
    /// precedence.
    ///
    /// - Parameters:
    ///   - uri: The tracking URI; `nil` for `MLFLOW_TRACKING_URI`, or otherwise the folder `mlruns` in `directory`.
    ///   - experiment: The experiment; `nil` for `MLFLOW_EXPERIMENT_NAME`, or otherwise `defaultExperiment`.
    ///   - runName: The name of the run; `nil` for `MLFLOW_RUN_NAME`, or otherwise `name`.
    ///   - directory: The directory of the run.
    ///   - name: The name of the trained model.
    ///   - defaultExperiment: The experiment of runs for the same task.
    ///   - environment: The environment variables, which may also hold credentials for a server, see `TrackingServer`.
    /// - Throws: `MLflowError` if the URI is not valid.
    public init(
        uri: String?, experiment: String?, runName: String?, directory: String, name: String,
        defaultExperiment: String, environment: [String: String]
    ) throws(MLflowError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        destination = try Destination(
            uri: uri ?? variable("MLFLOW_TRACKING_URI") ?? "\(directory)/\(Self.folderName)", environment: environment)
        self.experiment = experiment ?? variable("MLFLOW_EXPERIMENT_NAME") ?? defaultExperiment
        self.runName = runName ?? variable("MLFLOW_RUN_NAME") ?? name
    }
}
