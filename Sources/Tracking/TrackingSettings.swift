public import MLflow

/// Where and as what a run is tracked.
public struct TrackingSettings: Sendable {
    /// Where to.
    public var destination: Destination
    /// The experiment's name.
    public var experiment: String
    /// The run's.
    public var runName: String

    /// The experiment of runs for which none is named.
    public static let defaultExperiment = "pubmed-rct-classification"
    /// The folder within a run's directory that takes the place of a server.
    public static let folderName = "mlruns"

    /// Settings given on a command line, else those of MLflow's environment variables, else the defaults.
    ///
    /// - Parameters:
    ///   - uri: Else `MLFLOW_TRACKING_URI`, else the folder `mlruns` in `directory`.
    ///   - experiment: Else `MLFLOW_EXPERIMENT_NAME`, else ``defaultExperiment``.
    ///   - runName: Else `MLFLOW_RUN_NAME`, else `name`.
    ///   - directory: The run's.
    ///   - name: The trained model's.
    ///   - environment: Also holds a server's credentials, see `TrackingServer`.
    /// - Throws: `MLflowError` where the URI makes no sense.
    public init(
        uri: String?, experiment: String?, runName: String?, directory: String, name: String,
        environment: [String: String]
    ) throws(MLflowError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        destination = try Destination(
            uri: uri ?? variable("MLFLOW_TRACKING_URI") ?? "\(directory)/\(Self.folderName)", environment: environment)
        self.experiment = experiment ?? variable("MLFLOW_EXPERIMENT_NAME") ?? Self.defaultExperiment
        self.runName = runName ?? variable("MLFLOW_RUN_NAME") ?? name
    }
}
