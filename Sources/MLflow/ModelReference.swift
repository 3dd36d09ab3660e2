/// An MLflow URI that names a directory of artifacts.
public enum ModelReference: Sendable, Hashable, CustomStringConvertible {
    /// A path among the artifacts of a run: `runs:/ID/path`.
    case run(id: String, path: String)
    /// The registered version to which an alias points: `models:/NAME@alias`.
    case alias(name: String, alias: String)
    /// A registered version: `models:/NAME/VERSION`.
    case version(name: String, version: String)
    /// A logged model: `models:/m-…`.
    case model(id: String)

    /// Parses a URI.
    ///
    /// - Throws: ``MLflowError/unusable(_:)`` if the URI is not valid.
    public init(_ uri: String) throws(MLflowError) {
        func unusable(_ expected: String) -> MLflowError {
            .unusable("\(uri.debugDescription) is not a model reference; expected \(expected).")
        }
        if uri.hasPrefix("runs:/") {
            let parts = uri.dropFirst("runs:/".count).drop { $0 == "/" }.split(separator: "/", maxSplits: 1)
            guard parts.count == 2 else { throw unusable("runs:/ID/path, such as runs:/ID/model") }
            self = .run(id: String(parts[0]), path: String(parts[1]))
        } else if uri.hasPrefix("models:/") {
            let rest = uri.dropFirst("models:/".count).drop { $0 == "/" }
            let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
            if let at = rest.lastIndex(of: "@"), at > rest.startIndex, rest.index(after: at) < rest.endIndex {
                self = .alias(name: String(rest[..<at]), alias: String(rest[rest.index(after: at)...]))
            } else if parts.count == 2, !parts[0].isEmpty, Int(parts[1]) != nil {
                self = .version(name: String(parts[0]), version: String(parts[1]))
            } else if parts.count == 1, rest.hasPrefix("m-") {
                self = .model(id: String(rest))
            } else {
                throw unusable("models:/NAME@alias, models:/NAME/VERSION or models:/m-ID")
            }
        } else {
            throw unusable("runs:/ID/path, models:/NAME@alias or models:/NAME/VERSION")
        }
    }

    /// The URI.
    public var description: String {
        switch self {
        case .run(let id, let path): "runs:/\(id)/\(path)"
        case .alias(let name, let alias): "models:/\(name)@\(alias)"
        case .version(let name, let version): "models:/\(name)/\(version)"
        case .model(let id): "models:/\(id)"
        }
    }
}

extension MLflowClient {
    /// Returns the current URI of the files that a reference names; an alias may be moved later.
    ///
    /// - Returns: A URI such as `mlflow-artifacts:/1/models/m-0123/artifacts`.
    public func artifactURI(of reference: ModelReference) async throws -> String {
        switch reference {
        case .model(let id): return try await model(id).artifactURI
        case .version(let name, let version): return try await artifactURI(of: name, version: version)
        case .alias(let name, let alias):
            return try await artifactURI(of: name, version: try await version(of: name, alias: alias).version)
        case .run(let id, let path):
            let run = try await run(id)
            // MLflow 3 stores a logged model beside the run's artifacts; the first component of the path is its name.
            let parts = path.split(separator: "/", maxSplits: 1)
            if let name = parts.first, !run.modelIDs.isEmpty,
                let model = try await models(ofRun: id, experiment: run.experimentID).first(where: { $0.name == name })
            {
                return ([model.artifactURI] + parts.dropFirst().map(String.init)).joined(separator: "/")
            }
            return run.artifactURI + "/" + path
        }
    }
}
