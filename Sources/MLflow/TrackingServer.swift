import FoundationEssentials

/// Where an MLflow server is, and how to show it who asks.
public struct TrackingServer: Sendable, Equatable {
    /// Such as `http://localhost:5000`, without credentials and without a slash at its end.
    public let url: String
    /// Sent with every request to ``url``, and nowhere else.
    public let credentials: Credentials?

    /// A server.
    ///
    /// - Parameters:
    ///   - uri: Such as `https://mlflow.example.org/team`; may carry `name:password@`.
    ///   - environment: Where `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or `MLFLOW_TRACKING_TOKEN`, are
    ///     taken from. As with MLflow's own client a name goes before a token, and what the URI carries before both.
    /// - Throws: ``MLflowError/unusable(_:)`` where the URI is none of a server.
    public init(uri: String, environment: [String: String] = [:]) throws(MLflowError) {
        guard var parts = URLComponents(string: uri), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else {
            throw .unusable(
                "the tracking URI \(Self.withoutCredentials(uri).debugDescription) is none of a server; expected one such as http://localhost:5000."
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
                "the tracking URI of the host \(host) cannot be read; expected one such as http://localhost:5000.")
        }
        self.url = url
    }

    /// A URI without `name:password@`, to be shown or kept.
    public static func withoutCredentials(_ uri: String) -> String {
        guard let scheme = uri.firstRange(of: "://") else { return uri }
        let rest = uri[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return uri }
        return String(uri[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }

    /// The path of the URL: an authority's answers to requests below it are MLflow's.
    var path: String { URLComponents(string: url)?.path ?? "" }
    /// Such as `localhost:5000`.
    var authority: String {
        guard let parts = URLComponents(string: url) else { return "" }
        return (parts.host ?? "") + (parts.port.map { ":\($0)" } ?? "")
    }
}
