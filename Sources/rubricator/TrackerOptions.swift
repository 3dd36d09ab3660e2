import ArgumentParser
import Console
import FoundationEssentials
import MLflow

/// The tracking server that resolves references to checkpoints: `runs:/ID/model`, `models:/NAME@alias` and
/// `best:EXPERIMENT?metric=NAME`.
struct TrackerOptions: ParsableArguments {
    @Option(
        name: .customLong("tracking-uri"),
        help: ArgumentHelp(
            "MLflow server used to resolve runs:/, models:/ and best: references (environment: RUBRICATOR_TRACKING_URI or MLFLOW_TRACKING_URI; credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD).",
            valueName: "uri"))
    var trackingURI: String?

    @Option(
        help:
            "Experiment whose best checkpoint by test_macro_f1 is used if --model is absent (environment: RUBRICATOR_EXPERIMENT or MLFLOW_EXPERIMENT_NAME)."
    )
    var experiment: String?

    @Option(
        help: ArgumentHelp(
            "Directory that caches fetched checkpoints (default: rubricator in XDG_CACHE_HOME or ~/.cache; environment: RUBRICATOR_MODEL_CACHE).",
            valueName: "directory"))
    var modelCache: String?

    /// The models where the command line names none: the best of the experiment it names, those of the environment, or the
    /// shipped one.
    func usualModels(_ environment: Environment) throws -> [String] {
        if let experiment { return ["best:\(experiment)"] }
        let models = try environment.resolve([], "model")
        return models.isEmpty ? [try usualModel(environment)] : models
    }

    private func usualModel(_ environment: Environment) throws -> String {
        if let experiment = try environment.resolve(experiment, "experiment") { return "best:\(experiment)" }
        // MLFLOW_EXPERIMENT_NAME alone may be meant for other programs.
        guard let tracker = try trackingURI(environment), tracker.hasPrefix("http"),
            let experiment = ProcessInfo.processInfo.environment["MLFLOW_EXPERIMENT_NAME"], !experiment.isEmpty
        else { return "Models" }
        return "best:\(experiment)"
    }

    /// The cache of fetched checkpoints.
    ///
    /// - Throws: `ValidationError` where no tracking server is named; `MLflowError` where its URI is not valid.
    func cache(_ environment: Environment) throws -> ModelCache {
        guard let uri = try trackingURI(environment) else {
            throw ValidationError("runs:/, models:/ and best: references need --tracking-uri or MLFLOW_TRACKING_URI.")
        }
        let variables = ProcessInfo.processInfo.environment
        let server = try TrackingServer(uri: uri, environment: variables)
        let home = variables["XDG_CACHE_HOME"] ?? variables["HOME"].map { "\($0)/.cache" } ?? "."
        let directory = try environment.resolve(modelCache, "model-cache") ?? "\(home)/rubricator"
        return ModelCache(directory: directory, client: MLflowClient(server))
    }

    /// The directory of a checkpoint, which is fetched where a tracking server keeps it.
    ///
    /// - Parameters:
    ///   - model: A reference to a checkpoint on the tracking server, or a path, which is returned unchanged.
    ///   - environment: The environment variables of the options.
    /// - Returns: The directory to load from.
    /// - Throws: `MLflowError`; `ValidationError` where no tracking server is named.
    func directory(of model: String, _ environment: Environment) async throws -> String {
        guard let location = try ModelLocation(model) else { return model }
        let entry = try await cache(environment).fetch(location)
        if let staleness = entry.staleness {
            Terminal.complain("warning: \(location) is loaded from the cache: \(staleness)")
        }
        return entry.link
    }

    private func trackingURI(_ environment: Environment) throws -> String? {
        let variable = ProcessInfo.processInfo.environment["MLFLOW_TRACKING_URI"].flatMap { $0.isEmpty ? nil : $0 }
        return try environment.resolve(trackingURI, "tracking-uri") ?? variable
    }
}
