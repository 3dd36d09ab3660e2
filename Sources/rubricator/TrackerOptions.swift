import ArgumentParser
import Console
import FoundationEssentials
import MLflow

/// Where checkpoints come from that are named by a tracker: `runs:/ID/model`, `models:/NAME@alias` or
/// `best:EXPERIMENT?metric=NAME`.
struct TrackerOptions: ParsableArguments {
    @Option(
        name: .customLong("tracking-uri"),
        help: ArgumentHelp(
            "The MLflow server that runs:/, models:/ and best: are asked of (RUBRICATOR_TRACKING_URI, MLFLOW_TRACKING_URI; credentials as MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD).",
            valueName: "uri"))
    var trackingURI: String?

    @Option(
        help:
            "Where no --model is given, take the best of this experiment by test_macro_f1 (RUBRICATOR_EXPERIMENT, MLFLOW_EXPERIMENT_NAME)."
    )
    var experiment: String?

    @Option(
        help: ArgumentHelp(
            "Where checkpoints of a tracker are kept (RUBRICATOR_MODEL_CACHE; default: rubricator in XDG_CACHE_HOME or ~/.cache).",
            valueName: "directory"))
    var modelCache: String?

    /// The models where the command line names none: the best of the experiment that it names, those of the environment, or the
    /// shipped one.
    func usualModels(_ environment: Environment) throws -> [String] {
        if let experiment { return ["best:\(experiment)"] }
        let models = try environment.resolve([], "model")
        return models.isEmpty ? [try usualModel(environment)] : models
    }

    private func usualModel(_ environment: Environment) throws -> String {
        if let experiment = try environment.resolve(experiment, "experiment") { return "best:\(experiment)" }
        // Only who names a tracker means its experiment.
        guard let tracker = try trackingURI(environment), tracker.hasPrefix("http"),
            let experiment = ProcessInfo.processInfo.environment["MLFLOW_EXPERIMENT_NAME"], !experiment.isEmpty
        else { return "Models" }
        return "best:\(experiment)"
    }

    /// The cache of the tracker's checkpoints.
    ///
    /// - Throws: `ValidationError` where no tracker is named; `MLflowError` where it cannot be one.
    func cache(_ environment: Environment) throws -> ModelCache {
        guard let uri = try trackingURI(environment) else {
            throw ValidationError("runs:/, models:/ and best: need --tracking-uri or MLFLOW_TRACKING_URI.")
        }
        let variables = ProcessInfo.processInfo.environment
        let server = try TrackingServer(uri: uri, environment: variables)
        let home = variables["XDG_CACHE_HOME"] ?? variables["HOME"].map { "\($0)/.cache" } ?? "."
        let directory = try environment.resolve(modelCache, "model-cache") ?? "\(home)/rubricator"
        return ModelCache(directory: directory, client: MLflowClient(server))
    }

    /// The directory of a checkpoint: fetched where a tracker keeps it.
    ///
    /// - Parameters:
    ///   - model: A location, or a path, which is given back as it is.
    ///   - environment: The options' twins.
    /// - Returns: Where it can be loaded from.
    /// - Throws: `MLflowError`; `ValidationError` where no tracker is named.
    func directory(of model: String, _ environment: Environment) async throws -> String {
        guard let location = try ModelLocation(model) else { return model }
        let entry = try await cache(environment).fetch(location)
        if let staleness = entry.staleness {
            Terminal.complain("warning: \(location) is taken as it was: \(staleness)")
        }
        return entry.link
    }

    private func trackingURI(_ environment: Environment) throws -> String? {
        let variable = ProcessInfo.processInfo.environment["MLFLOW_TRACKING_URI"].flatMap { $0.isEmpty ? nil : $0 }
        return try environment.resolve(trackingURI, "tracking-uri") ?? variable
    }
}
