import FoundationEssentials

/// What a server knows its client by. Its description does not tell it.
public struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The value of the `Authorization` field.
    let authorization: String

    /// A token (RFC 6750).
    public static func bearer(_ token: String) -> Credentials { Credentials(authorization: "Bearer \(token)") }

    /// A name and a password (RFC 7617).
    public static func basic(name: String, password: String) -> Credentials {
        Credentials(authorization: "Basic " + Data("\(name):\(password)".utf8).base64EncodedString())
    }

    /// Never the secret.
    public var description: String { "credentials" }
    /// Never the secret.
    public var debugDescription: String { description }
}
