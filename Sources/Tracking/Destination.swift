import FoundationEssentials
import Glibc
public import MLflow

/// The destination to which runs are sent.
public enum Destination: Sendable, Equatable, CustomStringConvertible {
    /// An MLflow server.
    case server(TrackingServer)
    /// A folder with `mlflow.db`, given as an absolute path.
    case folder(String)

    private static let database = "mlflow.db"

    /// Parses a tracking URI.
    ///
    /// - Parameters:
    ///   - uri: `http://…`, `https://…`, `file:///…`, `sqlite:///…/mlflow.db`, or the path of a folder.
    ///   - environment: The environment variables, which may hold credentials for a server.
    /// - Throws: `MLflowError` if the URI has none of these forms.
    public init(uri: String, environment: [String: String]) throws(MLflowError) {
        func folder(_ path: String) -> Destination {
            .folder(path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)")
        }
        if uri.hasPrefix("http://") || uri.hasPrefix("https://") {
            self = .server(try TrackingServer(uri: uri, environment: environment))
        } else if uri.hasPrefix("file:") {
            guard let url = URL(string: uri), url.host() == nil || url.host() == "", !url.path().isEmpty else {
                throw .unusable(
                    "the tracking URI \(uri.debugDescription) names no folder; expected a URI such as file:///home/me/runs."
                )
            }
            self = folder(url.path(percentEncoded: false))
        } else if uri.hasPrefix("sqlite:///") {
            let path = uri.dropFirst("sqlite:///".count)
            guard path.split(separator: "/").last.map(String.init) == Self.database else {
                throw .unusable(
                    "the tracking URI \(uri.debugDescription) names a database other than \(Self.database), the only one that this program writes. Start an MLflow server with that database, or choose a folder."
                )
            }
            let parent = path.dropLast(Self.database.count)
            self = folder(parent.isEmpty ? "." : String(parent))
        } else if let colon = uri.firstIndex(of: ":"), uri[..<colon].allSatisfy({ $0.isLetter || "+.-".contains($0) }),
            !uri.isEmpty
        {
            throw .unusable(
                "the tracking URI \(TrackingServer.withoutCredentials(uri).debugDescription) is not valid; expected http://…, https://…, file:///…, sqlite:///… or a folder."
            )
        } else {
            self = folder(uri)
        }
    }

    /// The URL of a server such as `http://localhost:5000`, without credentials, or the path of a folder.
    public var description: String {
        switch self {
        case .server(let server): server.url
        case .folder(let path): path
        }
    }

    /// Returns the URL at which a run can be viewed, or the command that shows it.
    func place(of run: StoredRun) -> String {
        switch self {
        case .server(let server): "\(server.url)/#/experiments/\(run.experiment)/runs/\(run.id)"
        case .folder(let path): "mlflow ui --backend-store-uri sqlite:///\(path)/\(Self.database)"
        }
    }

    func store() throws -> any TrackingStore {
        switch self {
        case .server(let server): ServerStore(MLflowClient(server))
        case .folder(let path): try LocalStore(folder: path)
        }
    }
}
