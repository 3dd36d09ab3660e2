/// A checkpoint that a tracker keeps, by what it is asked for.
public enum ModelLocation: Sendable, Hashable, CustomStringConvertible {
    /// `runs:/…` or `models:/…`
    case reference(ModelReference)
    /// `best:EXPERIMENT?metric=test_macro_f1`: of the finished runs of an experiment that logged a model, the one whose metric's
    /// last point is the highest, or with `&order=lowest` the lowest.
    case best(experiment: String, metric: String, lowest: Bool)

    /// The metric where none is named.
    public static let usualMetric = "test_macro_f1"

    /// Reads a URI; `nil` where it is a path of the file system.
    ///
    /// - Throws: ``MLflowError/unusable(_:)`` for a URI that names no model.
    public init?(_ uri: String) throws(MLflowError) {
        if uri.hasPrefix("runs:/") || uri.hasPrefix("models:/") {
            self = .reference(try ModelReference(uri))
            return
        }
        guard uri.hasPrefix("best:") else { return nil }
        let parts = uri.dropFirst("best:".count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        func unusable() -> MLflowError {
            .unusable(
                "\(uri.debugDescription) names no model; expected best:EXPERIMENT?metric=NAME, such as best:mine?metric=val_macro_f1, perhaps with &order=lowest."
            )
        }
        guard let experiment = parts.first, !experiment.isEmpty else { throw unusable() }
        var metric = Self.usualMetric
        var lowest = false
        for setting in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let pair = setting.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first, pair.dropFirst().first) {
            case ("metric"?, let name?): metric = name
            case ("order"?, "lowest"?): lowest = true
            case ("order"?, "highest"?): lowest = false
            default: throw unusable()
            }
        }
        self = .best(experiment: String(experiment), metric: metric, lowest: lowest)
    }

    /// The URI.
    public var description: String {
        switch self {
        case .reference(let reference): "\(reference)"
        case .best(let experiment, let metric, let lowest):
            "best:\(experiment)?metric=\(metric)\(lowest ? "&order=lowest" : "")"
        }
    }
}

extension MLflowClient {
    /// Where the files are that a location names, now.
    public func artifactURI(of location: ModelLocation) async throws -> String {
        switch location {
        case .reference(let reference): return try await artifactURI(of: reference)
        case .best(let experiment, let metric, let lowest):
            let run = try await bestRun(ofExperiment: experiment, by: metric, lowest: lowest)
            return try await artifactURI(of: .run(id: run.id, path: "model"))
        }
    }
}
