internal import HTTPTypes

/// Who may reload the checkpoints with `POST /admin/reload`.
public enum ReloadAccess: String, Sendable, CaseIterable {
    /// Nobody: only SIGHUP reloads.
    case nobody = "off"
    /// Clients on this machine.
    case loopback
    /// Clients with an API key.
    case key

    /// Checks whether a client may reload.
    ///
    /// - Throws: ``Problem`` 403 if it may not.
    func allow(_ context: ServiceContext, _ keys: APIKeys?) throws(Problem) {
        switch self {
        case .nobody:
            throw Problem(
                .forbidden,
                "reloading over HTTP is off; start the service with --admin-reload loopback or key, or send SIGHUP.")
        case .loopback where context.clientIsLocal: break
        // KeyMiddleware has refused clients without a valid key. If the service has no keys, no client has one.
        case .key where keys != nil: break
        case .loopback: throw Problem(.forbidden, "only clients on this machine may reload.")
        case .key:
            throw Problem(
                .forbidden, "reloading requires an API key, and this service has none; start it with --api-keys.")
        }
    }
}
