import FoundationEssentials

/// The URL and credentials of an MLflow server.
public struct TrackingServer: Sendable, Equatable {
    /// URL such as `http://localhost:5000`, without credentials and without a trailing slash.
    public let url: String
    /// Credentials, sent with every request to ``url`` and to no other URL.
    public let credentials: Credentials?

    /// Creates a server from a tracking URI.
    ///
    /// - Parameters:
    ///   - uri: The tracking URI, such as `https://mlflow.example.org/team`; may contain `name:password@`.
    ///   - environment: The environment with `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or with
    ///     `MLFLOW_TRACKING_TOKEN`. As in MLflow's own client, a user name takes precedence over a token, and credentials
    ///     in the URI over both.
    /// - Throws: ``MLflowError/unusable(_:)`` if the URI is not an HTTP URL.
    public init(uri: String, environment: [String: String] = [:]) throws(MLflowError) {
        guard var parts = URLComponents(string: uri), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else {
            throw .unusable(
                "the tracking URI \(Self.withoutCredentials(uri).debugDescription) is not an HTTP URL; expected a URL such as http://localhost:5000."
            )
        }
        func value(_ name: String) -> String? {
            environment["MLFLOW_TRACKING_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
        }
        credentials =
            if let name = parts.user, !name.isEmpty {
                .basic(name: name, password: parts.password ?? "")
            } else if let name = value("USERNAME"), let password = value("PASSWORD") {
                .basic(name: name, password: password)
            } else {
                value("TOKEN").map(Credentials.bearer)
            }
        parts.user = nil
        parts.password = nil
        parts.query = nil
        parts.fragment = nil
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        guard let url = parts.string else {
            throw .unusable(
                "the tracking URI with host \(host) is not valid; expected a URL such as http://localhost:5000.")
        }
        self.url = url
    }

    /// Removes `name:password@` from a URI, so that it can be shown or stored.
    public static func withoutCredentials(_ uri: String) -> String {
        guard let scheme = uri.firstRange(of: "://") else { return uri }
        let rest = uri[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return uri }
        return String(uri[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }

    /// Path component of the URL, under which the server answers MLflow requests.
    var path: String { URLComponents(string: url)?.path ?? "" }
    /// Host and port of the URL, such as `localhost:5000`.
    var authority: String {
        guard let parts = URLComponents(string: url) else { return "" }
        return (parts.host ?? "") + (parts.port.map { ":\($0)" } ?? "")
    }
}
