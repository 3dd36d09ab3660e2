import FoundationEssentials

/// Credentials for an MLflow server; their description does not contain the secret.
public struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// Value of the `Authorization` header field.
    let authorization: String

    /// Returns credentials with a bearer token (RFC 6750).
    public static func bearer(_ token: String) -> Credentials { Credentials(authorization: "Bearer \(token)") }

    /// Returns credentials with a user name and a password (RFC 7617).
    public static func basic(name: String, password: String) -> Credentials {
        Credentials(authorization: "Basic " + Data("\(name):\(password)".utf8).base64EncodedString())
    }

    /// A placeholder without the secret.
    public var description: String { "credentials" }
    /// A placeholder without the secret.
    public var debugDescription: String { description }
}
