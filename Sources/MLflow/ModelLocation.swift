/// The location of a checkpoint on a tracking server.
public enum ModelLocation: Sendable, Hashable, CustomStringConvertible {
    /// A reference, `runs:/…` or `models:/…`.
    case reference(ModelReference)
    /// `best:EXPERIMENT?metric=test_macro_f1`: the finished run of an experiment with the highest last value of a metric,
    /// or the lowest with `&order=lowest`, among those that logged a model.
    case best(experiment: String, metric: String, lowest: Bool)

    /// The metric used if a `best:` location names none.
    public static let usualMetric = "test_macro_f1"

    /// Parses a URI; `nil` if it has none of the known schemes and so is a file path.
    ///
    /// - Throws: ``MLflowError/unusable(_:)`` if the URI has a known scheme but is not valid.
    public init?(_ uri: String) throws(MLflowError) {
        if uri.hasPrefix("runs:/") || uri.hasPrefix("models:/") {
            self = .reference(try ModelReference(uri))
            return
        }
        guard uri.hasPrefix("best:") else { return nil }
        let parts = uri.dropFirst("best:".count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        func unusable() -> MLflowError {
            .unusable(
                "\(uri.debugDescription) is not a model location; expected best:EXPERIMENT?metric=NAME, optionally with &order=lowest, such as best:mine?metric=val_macro_f1."
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
    /// Returns the current URI of the files that a location names.
    public func artifactURI(of location: ModelLocation) async throws -> String {
        switch location {
        case .reference(let reference): return try await artifactURI(of: reference)
        case .best(let experiment, let metric, let lowest):
            let run = try await bestRun(ofExperiment: experiment, by: metric, lowest: lowest)
            return try await artifactURI(of: .run(id: run.id, path: "model"))
        }
    }
}
